-- refresh.together()
-- Says which stored views switch at once, so that a statement that reads several never mixes old and new.
-- requires: refresh_internal.registered(), refresh_internal.refuse()
-- source:   docs/refresh.md, "Together"

CREATE OR REPLACE FUNCTION refresh.together(p_group text, p_views text[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view refresh.stored_views;
    v_other text;
    v_name text;
BEGIN
    IF coalesce(p_group, '') = '' THEN
        PERFORM refresh_internal.refuse('invalid_parameter_value', 'a group of stored views needs a name',
            'The first argument of refresh.together() is empty.', 'Write, for example, refresh.together(''shop.sales'', ''{shop.a, shop.b}'').');
    END IF;
    DELETE FROM refresh.grouped_views AS grp WHERE grp.group_name = p_group;
    FOREACH v_name IN ARRAY coalesce(p_views, '{}') LOOP
        v_view := refresh_internal.registered(v_name);
        IF v_view.target_lag = interval '0' THEN
            PERFORM refresh_internal.refuse('invalid_parameter_value', format('%s cannot switch together with others', v_view.view_name),
                'Its target lag is 0: it changes in the transaction of each writer.', 'Leave it out, or give it a target lag.');
        END IF;
        SELECT grp.group_name INTO v_other FROM refresh.grouped_views AS grp WHERE grp.view_id = v_view.view_id AND grp.group_name <> p_group;
        IF FOUND THEN
            PERFORM refresh_internal.refuse('duplicate_object', format('%s is in another group already', v_view.view_name),
                format('It switches together with the views of %s.', v_other), format('Name all views in one group, or end the other: SELECT refresh.together(%L, ''{}'').', v_other));
        END IF;
        INSERT INTO refresh.grouped_views (view_id, group_name) VALUES (v_view.view_id, p_group) ON CONFLICT DO NOTHING;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION refresh.together IS
'The stored views of p_views are refreshed in one transaction under one snapshot, with the stored views they are built on. Replaces the members of the group; an empty list ends it. Raises 42710 for a view that is in another group, 22023 for one with target lag 0.';

REVOKE ALL ON FUNCTION refresh.together FROM PUBLIC;
