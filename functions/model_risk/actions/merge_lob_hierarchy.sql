-- model_risk.merge_lob_hierarchy()
-- Writes a planned hierarchy: one statement for what changed, one for what is new.
-- requires: model_risk.check_lob_hierarchy(), model_risk.catch_up_identity()
-- source:   docs/model_risk.md, "Importing the hierarchy"

CREATE OR REPLACE FUNCTION model_risk.merge_lob_hierarchy(p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE model_risk.lob_units AS lob
    SET
        name = nod.name,
        org_unit = nod.org_unit,
        contact_name = nod.contact_name,
        org_description = nod.org_description,
        legal_entity_id = nod.legal_entity_id,
        legal_entity_name = nod.legal_entity_name,
        short_name = nod.short_name,
        status_code = nod.status_code,
        tier = nod.tier
    FROM pg_temp.lob_nodes AS nod
    WHERE nod.is_changed AND lob.lob_id = nod.lob_id
        AND (
            lob.name, lob.org_unit, lob.contact_name, lob.org_description, lob.legal_entity_id,
            lob.legal_entity_name, lob.short_name, lob.status_code, lob.tier
        ) IS DISTINCT FROM (
            nod.name, nod.org_unit, nod.contact_name, nod.org_description, nod.legal_entity_id,
            nod.legal_entity_name, nod.short_name, nod.status_code, nod.tier
        );

    PERFORM model_risk.catch_up_identity('model_risk.lob_units', 'lob_id');
    UPDATE pg_temp.lob_nodes AS nod
    SET lob_id = nextval(pg_get_serial_sequence('model_risk.lob_units', 'lob_id')), is_new = TRUE
    WHERE nod.lob_id IS NULL;
    -- the foreign key is checked at the end of the statement, so the order of parents and children is free
    INSERT INTO model_risk.lob_units (
        lob_id, parent_id, code, name, level, org_unit, contact_name, org_description, legal_entity_id,
        legal_entity_name, short_name, status_code, tier
    )
    SELECT
        nod.lob_id, par.lob_id, nod.code, nod.name, nod.level, nod.org_unit, nod.contact_name, nod.org_description,
        nod.legal_entity_id, nod.legal_entity_name, nod.short_name, nod.status_code, nod.tier
    FROM pg_temp.lob_nodes AS nod
    LEFT JOIN pg_temp.lob_nodes AS par ON nod.parent_no = par.node_no
    WHERE nod.is_new
    ORDER BY nod.node_no;

    RETURN (
        SELECT jsonb_build_object(
            'created', count(*) FILTER (WHERE ent.outcome = 'create'),
            'updated', count(*) FILTER (WHERE ent.outcome = 'update'),
            'skipped', count(*) FILTER (WHERE ent.outcome = 'skip')
        )
        FROM pg_temp.lob_entries AS ent
    );
END;
$$;

COMMENT ON FUNCTION model_risk.merge_lob_hierarchy IS
'Hook of the loader. Counts are those of the entries: the same node may be listed as updated and as skipped.';

REVOKE ALL ON FUNCTION model_risk.merge_lob_hierarchy FROM PUBLIC;
