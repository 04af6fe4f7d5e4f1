-- load.outcome
-- What an upload does, entry by entry, where its domain tells; a dry run tells it before.
-- grain:    one row per entry of an upload
-- requires: nothing
-- source:   docs/loading.md, "Previews"

CREATE OR REPLACE VIEW load.outcome AS
SELECT
    ent.upload_id,
    ent.seq,
    ent.outcome,
    ent.details
FROM load.outcomes AS ent;

COMMENT ON VIEW load.outcome IS
'One row per entry, key (upload_id, seq). outcome: create, update, skip; details: what the domain says about it.';

GRANT SELECT ON load.outcome TO tidemark_loader, tidemark_operator;
