-- load.outcome
-- What an upload does, entry by entry, where its domain tells; a dry run tells it before.
-- grain:    one row per entry of an upload
-- requires: load_internal.is_mine()
-- source:   docs/loading.md, "Previews"

CREATE OR REPLACE VIEW load.outcome WITH (security_barrier) AS
SELECT
    ent.upload_id,
    ent.seq,
    ent.outcome,
    ent.details
FROM load.outcomes AS ent
INNER JOIN load.uploads AS upl ON ent.upload_id = upl.upload_id
WHERE load_internal.is_mine(upl.started_by);

COMMENT ON VIEW load.outcome IS
'One row per entry of the caller''s uploads, for operators of all, key (upload_id, seq). outcome: create, update, skip; details: what the domain says about it.';

GRANT SELECT ON load.outcome TO tidemark_loader, tidemark_operator;
