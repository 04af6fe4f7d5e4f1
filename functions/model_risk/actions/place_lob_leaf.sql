-- model_risk.place_lob_leaf()
-- The org unit a record of an enterprise hierarchy file is about, below the levels it names.
-- requires: model_risk.collect_lob_nodes(), model_risk.lob_code(), model_risk.note_lob_issue()
-- source:   docs/model_risk.md, "Importing the hierarchy"

CREATE OR REPLACE FUNCTION model_risk.place_lob_leaf(
    p_upload_id bigint, p_line_no integer, p_cell jsonb, p_path text, p_parent_no integer, p_parent_code text, p_level integer
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_org_unit text := p_cell ->> 'ORGUNIT';
    v_name text := coalesce(p_cell ->> 'ORGUNITDESCRIPTION', v_org_unit);
    v_code text := model_risk.lob_code(v_name);
    v_node_no integer := (SELECT nod.node_no FROM pg_temp.lob_nodes AS nod WHERE nod.org_unit = v_org_unit);
    v_too_long text;
    -- without a description the number of the unit is its name
    v_column text := CASE WHEN p_cell ? 'ORGUNITDESCRIPTION' THEN 'OrgUnitDescription' ELSE 'OrgUnit' END;
BEGIN
    IF model_risk.note_lob_issue(p_upload_id, p_line_no, v_code, v_name, v_org_unit, v_column, 'OrgUnit') THEN
        RETURN;
    END IF;
    SELECT min(lim.header) INTO v_too_long
    FROM (VALUES
        ('OrgUnitContactName', 255), ('OrgUnitLegalEntityId', 50), ('OrgUnitLegalEntityName', 255),
        ('OrgUnitShortName', 100), ('OrgUnitStatusCode', 20), ('OrgUnitTier', 50)
    ) AS lim (header, most)
    WHERE length(p_cell ->> upper(lim.header COLLATE "C")) > lim.most;
    IF v_too_long IS NOT NULL THEN
        INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value, message)
        VALUES (
            p_upload_id, p_line_no - 1, 'reject', 'TOO_LONG', v_too_long, left(p_cell ->> upper(v_too_long COLLATE "C"), 200),
            format('Row %s: %s is too long', p_line_no, v_too_long)
        );
        RETURN;
    END IF;

    IF v_node_no IS NULL THEN
        IF EXISTS (SELECT FROM pg_temp.lob_nodes AS nod WHERE nod.parent_no IS NOT DISTINCT FROM p_parent_no AND nod.code = v_code) THEN
            PERFORM model_risk.note_lob_issue(p_upload_id, p_line_no, v_code, NULL, NULL, v_column, 'OrgUnit');
            RETURN;
        END IF;
        INSERT INTO pg_temp.lob_nodes AS nod (parent_no, code, name, level, org_unit)
        VALUES (p_parent_no, v_code, v_name, p_level, v_org_unit)
        RETURNING nod.node_no INTO v_node_no;
        INSERT INTO pg_temp.lob_paths (path, node_no) VALUES (concat_ws('/', p_path, v_code), v_node_no) ON CONFLICT DO NOTHING;
        INSERT INTO pg_temp.lob_entries (outcome, details)
        VALUES ('create', jsonb_build_object(
            'code', v_code, 'name', v_name, 'org_unit', v_org_unit, 'level', p_level, 'parent_code', p_parent_code
        ));
    ELSE
        INSERT INTO pg_temp.lob_entries (outcome, details)
        VALUES ('skip', jsonb_build_object('code', v_code, 'name', v_name, 'org_unit', v_org_unit, 'level', p_level))
        ON CONFLICT DO NOTHING;
    END IF;
    -- only filled cells overwrite
    UPDATE pg_temp.lob_nodes AS nod
    SET
        contact_name = coalesce(p_cell ->> 'ORGUNITCONTACTNAME', nod.contact_name),
        org_description = coalesce(p_cell ->> 'ORGUNITDESCRIPTION', nod.org_description),
        legal_entity_id = coalesce(p_cell ->> 'ORGUNITLEGALENTITYID', nod.legal_entity_id),
        legal_entity_name = coalesce(p_cell ->> 'ORGUNITLEGALENTITYNAME', nod.legal_entity_name),
        short_name = coalesce(p_cell ->> 'ORGUNITSHORTNAME', nod.short_name),
        status_code = coalesce(p_cell ->> 'ORGUNITSTATUSCODE', nod.status_code),
        tier = coalesce(p_cell ->> 'ORGUNITTIER', nod.tier),
        is_changed = TRUE
    WHERE nod.node_no = v_node_no;
END;
$$;

COMMENT ON FUNCTION model_risk.place_lob_leaf IS
'Creates the unit, or refreshes the metadata of a known one, which is reported as skip.';

REVOKE ALL ON FUNCTION model_risk.place_lob_leaf FROM PUBLIC;
