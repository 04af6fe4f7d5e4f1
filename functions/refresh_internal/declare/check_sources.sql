-- refresh_internal.check_sources()
-- Refuses a stored view that reads a table whose changes lead to no keys.
-- requires: refresh_internal.mapping_example(), refresh_internal.refuse()
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.check_sources(p_view_id integer)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_missing record;
BEGIN
    SELECT sv.view_name, min(vs.source_name) AS source_name, string_agg(vs.source_name, ', ' ORDER BY vs.source_name) AS all_names
    INTO v_missing
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.stored_views AS sv USING (view_id)
    WHERE vs.view_id = p_view_id AND vs.mapping_kind = 'missing'
    GROUP BY sv.view_name;
    IF FOUND THEN
        PERFORM refresh_internal.refuse(
            'object_not_in_prerequisite_state',
            format('changes of %s would never reach %s', v_missing.source_name, v_missing.view_name),
            format('The live view reads these sources, and nothing says which keys they touch: %s.', v_missing.all_names),
            'Declare it after refresh.store(), for example: ' || refresh_internal.mapping_example(p_view_id, v_missing.source_name)
        );
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.check_sources IS
'Raises 55000 with the table, the view and an example of the missing refresh.affects() call.';

REVOKE ALL ON FUNCTION refresh_internal.check_sources FROM PUBLIC;
