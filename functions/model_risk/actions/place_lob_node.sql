-- model_risk.place_lob_node()
-- One level of one record of an enterprise hierarchy file: finds the node, or creates it.
-- requires: model_risk.collect_lob_nodes(), model_risk.next_synthetic_org_unit()
-- source:   docs/model_risk.md, "Importing the hierarchy"

CREATE OR REPLACE FUNCTION model_risk.place_lob_node(
    p_path text, p_parent_no integer, p_parent_code text, p_code text, p_name text, p_org_unit text, p_level integer, p_is_preview boolean,
    OUT node_no integer, OUT outcome text, OUT org_unit text
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_node record;
    v_updates jsonb;
BEGIN
    SELECT nod.* INTO v_node
    FROM pg_temp.lob_paths AS pat
    INNER JOIN pg_temp.lob_nodes AS nod ON pat.node_no = nod.node_no
    WHERE pat.path = p_path;
    IF NOT FOUND AND p_org_unit IS NOT NULL THEN
        -- a unit keeps its number wherever it is moved to: the path becomes another one to the same node
        SELECT nod.* INTO v_node FROM pg_temp.lob_nodes AS nod WHERE nod.org_unit = p_org_unit;
        IF FOUND THEN
            INSERT INTO pg_temp.lob_paths (path, node_no) VALUES (p_path, v_node.node_no);
        END IF;
    END IF;

    IF v_node.node_no IS NULL THEN
        IF EXISTS (SELECT FROM pg_temp.lob_nodes AS nod WHERE nod.parent_no IS NOT DISTINCT FROM p_parent_no AND nod.code = p_code) THEN
            outcome := 'duplicate';
            RETURN;
        END IF;
        org_unit := coalesce(p_org_unit, model_risk.next_synthetic_org_unit());
        INSERT INTO pg_temp.lob_nodes AS nod (parent_no, code, name, level, org_unit)
        VALUES (p_parent_no, p_code, p_name, p_level, place_lob_node.org_unit)
        RETURNING nod.node_no INTO place_lob_node.node_no;
        INSERT INTO pg_temp.lob_paths (path, node_no) VALUES (p_path, place_lob_node.node_no);
        outcome := 'create';
        INSERT INTO pg_temp.lob_entries (outcome, details)
        VALUES ('create', jsonb_build_object(
            'code', p_code, 'name', p_name, 'org_unit', place_lob_node.org_unit, 'level', p_level, 'parent_code', p_parent_code
        ));
        RETURN;
    END IF;

    node_no := v_node.node_no;
    org_unit := v_node.org_unit;
    v_updates := '{}';
    IF v_node.name <> p_name THEN
        v_updates := v_updates || jsonb_build_object('name', p_name);
    END IF;
    IF p_org_unit <> v_node.org_unit AND NOT EXISTS (SELECT FROM pg_temp.lob_nodes AS nod WHERE nod.org_unit = p_org_unit) THEN
        v_updates := v_updates || jsonb_build_object('org_unit', p_org_unit);
    END IF;
    outcome := CASE WHEN v_updates = '{}' THEN 'skip' ELSE 'update' END;
    INSERT INTO pg_temp.lob_entries (outcome, details)
    VALUES (place_lob_node.outcome, jsonb_strip_nulls(jsonb_build_object(
        'code', p_code, 'name', p_name, 'org_unit', v_node.org_unit, 'level', p_level, 'updates', nullif(v_updates, '{}')
    )))
    ON CONFLICT DO NOTHING;
    -- a preview changes nothing: the next record meets the node as it was
    IF outcome = 'update' AND NOT p_is_preview THEN
        org_unit := coalesce(v_updates ->> 'org_unit', v_node.org_unit);
        UPDATE pg_temp.lob_nodes AS nod SET name = p_name, org_unit = place_lob_node.org_unit, is_changed = TRUE
        WHERE nod.node_no = place_lob_node.node_no;
    END IF;
END;
$$;

COMMENT ON FUNCTION model_risk.place_lob_node IS
'outcome: create, update, skip, or duplicate (the parent has another node of that code; nothing is done).';

REVOKE ALL ON FUNCTION model_risk.place_lob_node FROM PUBLIC;
