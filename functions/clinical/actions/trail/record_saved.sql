-- clinical.record_saved()
-- Records and tells that something shared by all reporting efforts was made, changed or deleted.
-- requires: clinical.record_call(), clinical.entry_of(), clinical.change_of(), clinical.delta_of(), clinical.table_of()
-- source:   docs/clinical_writes.md, "What is told"

CREATE OR REPLACE FUNCTION clinical.record_saved(
    p_actor_id integer, p_entity text, p_before jsonb, p_after jsonb, p_details jsonb DEFAULT '{}'
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_id integer := (coalesce(p_after, p_before) ->> 'id')::integer;
    v_delta jsonb := clinical.delta_of(coalesce(p_before, '{}'), p_after - 'id' - 'created_at');
    v_changes jsonb := clinical.change_of(p_before, p_after) || p_details;
BEGIN
    IF p_before IS NOT NULL AND p_after IS NOT NULL AND v_delta IS NULL THEN
        RETURN;
    END IF;
    IF p_entity = 'user' THEN
        -- addresses are for few to read: the log says that one changed, and nobody is told
        v_delta := v_delta - 'email' - 'auth_provider';
        v_changes := (
            SELECT jsonb_object_agg(
                part.key,
                CASE WHEN part.value -> 'email' <> 'null' THEN part.value || '{"email": "(not kept here)"}' ELSE part.value END
            )
            FROM jsonb_each(v_changes) AS part
        );
    END IF;
    PERFORM clinical.record_call(
        p_actor_id,
        p_entity || CASE WHEN p_before IS NULL THEN '.created' WHEN p_after IS NULL THEN '.deleted' ELSE '.updated' END,
        (
            SELECT jsonb_object_agg(room.name, jsonb_build_object(v_id, v_delta))
            FROM unnest(CASE p_entity
                WHEN 'user' THEN '{role_ADMIN}'::text[]
                WHEN 'effort' THEN ARRAY['role_ADMIN', 'role_EDITOR', 'role_VIEWER', 'effort_' || v_id]
                ELSE '{role_ADMIN,role_EDITOR,role_VIEWER}'
            END) AS room (name)
        ),
        jsonb_build_array(clinical.entry_of(
            clinical.table_of(p_entity),
            v_id,
            CASE WHEN p_before IS NULL THEN 'CREATE' WHEN p_after IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
            v_changes
        ))
    );
END;
$$;

COMMENT ON FUNCTION clinical.record_saved IS
'p_before and p_after: the row, NULL where there is none; nothing is recorded when nothing differs. p_details: what else the log says.';

REVOKE ALL ON FUNCTION clinical.record_saved FROM PUBLIC;
