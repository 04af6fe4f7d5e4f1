-- model_risk.plan_lob_enterprise()
-- What a hierarchy file of the enterprise format means: nodes to create, change, leave.
-- requires: model_risk.place_lob_node(), model_risk.lob_code(), load.trimmed(), model_risk.note_lob_issue()
-- requires: model_risk.place_lob_leaf()
-- source:   docs/model_risk.md, "Importing the hierarchy"

-- A loop over the records, because each one meets the hierarchy as the one before left it: a node found by its org unit
-- gives its path a second meaning for all later records, and a name changed here is the name compared there. What keeps
-- it fast is the memory of the last record: levels that are the same again, and were only met, are not looked up.
CREATE OR REPLACE FUNCTION model_risk.plan_lob_enterprise(p_upload_id bigint, p_columns jsonb, p_is_preview boolean)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_record record;
    v_deepest integer;
    v_name text;
    v_code text;
    v_org_unit text;
    v_path text;
    v_parent_code text;
    v_last_keys text[] := ARRAY[]::text[];
    v_last_nodes integer[] := ARRAY[]::integer[];
    v_last_units text[] := ARRAY[]::text[];
    v_key text;
    v_placed record;
    v_column text;
BEGIN
    FOR v_record IN
        SELECT
            chk.row_no + 1 AS line_no,
            (
                SELECT jsonb_object_agg(col.key, load.trimmed(chk.cells[col.value::integer]))
                FROM jsonb_each_text(p_columns) AS col
                WHERE load.trimmed(chk.cells[col.value::integer]) <> ''
            ) AS cell
        FROM pg_temp.checked_rows AS chk
        ORDER BY chk.row_no
    LOOP
        SELECT NULL::integer AS node_no, NULL::text AS outcome, NULL::text AS org_unit INTO v_placed;
        v_path := NULL;
        v_parent_code := NULL;
        v_deepest := -1;
        v_org_unit := NULL;
        FOR v_level IN 0..5 LOOP
            CONTINUE WHEN NOT p_columns ? CASE v_level WHEN 0 THEN 'SBU' ELSE format('LOB%sDESCRIPTION', v_level) END;
            v_name := v_record.cell ->> CASE v_level WHEN 0 THEN 'SBU' ELSE format('LOB%sDESCRIPTION', v_level) END;
            EXIT WHEN v_name IS NULL;
            v_org_unit := CASE WHEN v_level > 0 THEN v_record.cell ->> format('LOB%sCODE', v_level) END;
            v_code := model_risk.lob_code(CASE WHEN v_level = 0 THEN coalesce(v_record.cell ->> 'SBUCODE', v_name) ELSE v_name END);
            IF v_level = 0 AND v_code = '' THEN
                v_code := model_risk.lob_code(v_name);
            END IF;
            v_deepest := v_level;
            v_column := CASE v_level WHEN 0 THEN 'SBU' ELSE format('Lob%sDescription', v_level) END;
            IF model_risk.note_lob_issue(
                p_upload_id, v_record.line_no, v_code, v_name, v_org_unit, v_column, format('Lob%sCode', v_level)
            ) THEN
                EXIT;
            END IF;
            v_path := concat_ws('/', v_path, v_code);
            v_key := jsonb_build_array(v_path, v_name, v_org_unit)::text;
            IF v_last_keys[v_level] = v_key THEN
                SELECT v_last_nodes[v_level] AS node_no, 'skip' AS outcome, v_last_units[v_level] AS org_unit
                INTO v_placed;
            ELSE
                v_placed := model_risk.place_lob_node(
                    v_path, v_placed.node_no, v_parent_code, v_code, v_name, v_org_unit, v_level, p_is_preview
                );
                v_last_keys[v_level] := NULL;
                IF v_placed.outcome = 'duplicate' THEN
                    PERFORM model_risk.note_lob_issue(p_upload_id, v_record.line_no, v_code, NULL, NULL, v_column, NULL);
                    EXIT;
                ELSIF v_placed.outcome = 'skip' THEN
                    v_last_keys[v_level] := v_key;
                    v_last_nodes[v_level] := v_placed.node_no;
                    v_last_units[v_level] := v_placed.org_unit;
                ELSE
                    v_last_keys := '{}';  -- a change: what was only met may look different now
                END IF;
            END IF;
            v_parent_code := v_code;
        END LOOP;
        IF v_record.cell ->> 'ORGUNIT' <> v_placed.org_unit THEN
            PERFORM model_risk.place_lob_leaf(
                p_upload_id, v_record.line_no, v_record.cell, v_path, v_placed.node_no, v_parent_code, v_deepest + 1
            );
        END IF;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION model_risk.plan_lob_enterprise IS
'p_columns: upper-case header to its place. Works on the tables of collect_lob_nodes() and adds issues.';

REVOKE ALL ON FUNCTION model_risk.plan_lob_enterprise FROM PUBLIC;
