-- name: has_seals
-- True once the log of changes can be verified.
SELECT to_regclass('audit.seals') IS NOT NULL;

-- name: audit_problems
-- What was changed in the log behind its back; a seal that was noted elsewhere is compared.
SELECT ver.problem, ver.seal_no, ver.entry_no, ver.recorded_at, ver.family, ver.table_name, ver.row_key, ver.remark
FROM audit.verify(%(seal_no)s, %(digest)s) AS ver;

-- name: audit_newest_seal
-- The newest seal, to be noted elsewhere; no row before the first.
SELECT sea.seal_no, sea.sealed_at, encode(sea.digest, 'hex') AS digest, (SELECT sum(all_of.entry_count) FROM audit.seals AS all_of) AS entry_count
FROM audit.seals AS sea
ORDER BY sea.seal_no DESC
LIMIT 1;

-- name: audit_life
-- Entries about one row, oldest first. Without a schema the table may belong to any family.
SELECT
    ent.entry_no, ent.recorded_at, ent.family, ent.table_name, ent.row_key, ent.action, ent.actor, ent.actor_role, ent.login, ent.client, ent.batch,
    ent.before_values, ent.after_values
FROM audit.entries AS ent
WHERE (%(family)s::text IS NULL OR ent.family = %(family)s) AND ent.table_name = %(table_name)s AND ent.row_key = %(row_key)s
ORDER BY ent.recorded_at, ent.entry_no;
