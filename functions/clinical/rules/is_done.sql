-- clinical.is_done()
-- Says whether nothing is left to do for an item.
-- requires: nothing
-- source:   docs/clinical.md, "Progress"

CREATE OR REPLACE FUNCTION clinical.is_done(production_status text, qc_status text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN production_status = 'completed' AND qc_status = 'completed';

COMMENT ON FUNCTION clinical.is_done IS
'Production and QC are both completed.';
