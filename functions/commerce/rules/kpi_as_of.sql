-- commerce.kpi_as_of()
-- The instant chosen for sales figures, if one was.
-- requires: nothing
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE FUNCTION commerce.kpi_as_of()
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('tidemark.kpi_as_of', true), '')::timestamptz;

COMMENT ON FUNCTION commerce.kpi_as_of IS
'NULL: each shop is measured at its newest order. Set by commerce.variant_kpi_at() while it runs; not meant for a session, whose refreshes would store figures of that instant.';
