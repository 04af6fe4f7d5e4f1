-- clinical.update_item()
-- Changes subtype, code or activity of an item of a reporting effort.
-- requires: clinical.may(), clinical.subtype_fits(), clinical.is_blank(), clinical.delta_of(), clinical.change_of()
-- requires: clinical.effort_rooms(), clinical.record_call(), clinical.entry_of(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Items"

CREATE OR REPLACE FUNCTION clinical.update_item(
    p_actor_id integer, p_item_id integer, p_item_subtype text DEFAULT NULL, p_item_code text DEFAULT NULL, p_is_active boolean DEFAULT NULL,
    OUT status text
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_before clinical.reporting_effort_items;
    v_after clinical.reporting_effort_items;
    v_delta jsonb;
    v_rooms jsonb;
BEGIN
    IF NOT clinical.may(p_actor_id, 'item.update') THEN
        status := 'forbidden';
    ELSE
        PERFORM FROM clinical.reporting_efforts AS eff
        WHERE eff.id = (SELECT itm.reporting_effort_id FROM clinical.reporting_effort_items AS itm WHERE itm.id = p_item_id)
        FOR NO KEY UPDATE;
        SELECT itm.* INTO v_before FROM clinical.reporting_effort_items AS itm WHERE itm.id = p_item_id FOR NO KEY UPDATE;
        status := CASE
            WHEN v_before.id IS NULL THEN 'item_not_found'
            WHEN NOT clinical.subtype_fits(v_before.item_type, coalesce(p_item_subtype, v_before.item_subtype)) THEN 'subtype_invalid'
            WHEN p_item_code IS NOT NULL AND (clinical.is_blank(p_item_code) OR length(p_item_code) > 255) THEN 'value_invalid'
            WHEN EXISTS (
                SELECT FROM clinical.reporting_effort_items AS itm
                WHERE (itm.reporting_effort_id, itm.item_type) = (v_before.reporting_effort_id, v_before.item_type)
                    AND itm.item_subtype = coalesce(p_item_subtype, v_before.item_subtype)
                    AND itm.item_code = coalesce(p_item_code, v_before.item_code)
                    AND itm.id <> p_item_id
            ) THEN 'item_exists'
            ELSE 'ok'
        END;
    END IF;
    IF status = 'ok' THEN
        UPDATE clinical.reporting_effort_items AS itm
        SET
            item_subtype = coalesce(p_item_subtype, itm.item_subtype),
            item_code = coalesce(p_item_code, itm.item_code),
            is_active = coalesce(p_is_active, itm.is_active)
        WHERE itm.id = p_item_id
        RETURNING itm.* INTO v_after;
        v_delta := clinical.delta_of(to_jsonb(v_before), to_jsonb(v_after));
    END IF;
    IF v_delta IS NOT NULL THEN
        v_rooms := clinical.effort_rooms(jsonb_build_array(jsonb_build_object(
            'id', p_item_id, 'reporting_effort_id', v_after.reporting_effort_id, 'is_active', v_after.is_active, 'delta', v_delta
        )));
        IF v_before.is_active AND NOT v_after.is_active THEN
            -- those who saw it until now are told that it is gone, and no more
            v_rooms := v_rooms || jsonb_build_object(
                'effort_' || v_after.reporting_effort_id,
                jsonb_build_object(p_item_id, jsonb_build_object('id', p_item_id, 'hidden', TRUE))
            );
        END IF;
        PERFORM clinical.record_call(p_actor_id, 'item.updated', v_rooms, jsonb_build_array(clinical.entry_of(
            'reporting_effort_items', p_item_id, 'UPDATE', clinical.change_of(to_jsonb(v_before), to_jsonb(v_after))
        )));
    END IF;
    PERFORM clinical.note_write('update_item', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.update_item IS
'What is NULL stays; type and effort of an item never change. status: ok, forbidden, item_not_found, subtype_invalid, value_invalid, item_exists.';

REVOKE ALL ON FUNCTION clinical.update_item FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.update_item TO tidemark_app;
