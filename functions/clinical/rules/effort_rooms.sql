-- clinical.effort_rooms()
-- Who is told what about objects of reporting efforts.
-- requires: nothing
-- source:   docs/clinical_writes.md, "What is told"

CREATE OR REPLACE FUNCTION clinical.effort_rooms(changed jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT coalesce(jsonb_object_agg(room.name, room.deltas), '{}')
    FROM (
        SELECT
            own.name,
            jsonb_object_agg(chg.id, chg.delta) AS deltas
        FROM jsonb_to_recordset(changed) AS chg (id integer, reporting_effort_id integer, is_active boolean, delta jsonb)
        -- who may not see an inactive item must not hear of it
        CROSS JOIN LATERAL unnest(
            CASE WHEN chg.is_active THEN ARRAY['effort_' || chg.reporting_effort_id] ELSE '{role_ADMIN,role_EDITOR}'::text[] END
        ) AS own (name)
        GROUP BY own.name
    ) AS room
);

COMMENT ON FUNCTION clinical.effort_rooms IS
'changed: a list of objects with id, reporting_effort_id, is_active of the item, and delta. Gives room, id, delta; what concerns inactive items goes to the rooms of those who may read them.';
