-- model_risk.plan_lob_legacy()
-- What a hierarchy file of the legacy format (SBU, LOB1, LOB2 ...) means: nodes to create, rename, leave.
-- requires: model_risk.collect_lob_nodes(), model_risk.lob_code(), model_risk.next_synthetic_org_unit(), load.trimmed()
-- source:   docs/model_risk.md, "Importing the hierarchy"

CREATE OR REPLACE FUNCTION model_risk.plan_lob_legacy(p_upload_id bigint, p_places integer[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_node record;
    v_known record;
    v_parent_no integer;
    v_node_no integer;
    v_org_unit text;
BEGIN
    DROP TABLE IF EXISTS lob_cells;
    CREATE TEMPORARY TABLE lob_cells ON COMMIT DROP AS
    WITH cell AS (
        SELECT
            chk.row_no + 1 AS line_no,
            pla.level - 1 AS level,
            chk.cells[pla.place] AS raw_cell,
            upl.header[pla.place] AS header,
            load.trimmed(chk.cells[pla.place]) AS cell,
            min(pla.level) FILTER (WHERE load.trimmed(chk.cells[pla.place]) = '') OVER (PARTITION BY chk.row_no) AS first_blank
        FROM pg_temp.checked_rows AS chk
        CROSS JOIN unnest(p_places) WITH ORDINALITY AS pla (place, level)
        INNER JOIN load.uploads AS upl ON upl.upload_id = p_upload_id
    ),

    named AS (
        SELECT
            cel.line_no,
            cel.level,
            cel.raw_cell,
            cel.header,
            coalesce(btrim(par.parts[1]), cel.cell) AS name,
            coalesce(upper(btrim(par.parts[2]) COLLATE "C"), model_risk.lob_code(cel.cell)) AS code
        FROM cell AS cel
        CROSS JOIN LATERAL (SELECT regexp_match(cel.cell, '^(.+)\(([^()]+)\)$') AS parts) AS par
        WHERE cel.level + 1 < coalesce(cel.first_blank, 2147483647)
    )

    SELECT
        nam.line_no,
        nam.level,
        nam.raw_cell,
        nam.header,
        nam.name,
        nam.code,
        nam.code ~ '^[A-Za-z0-9_]{1,50}$' AND length(nam.name) <= 255 AS is_valid,
        -- a level that cannot be used is left out of the paths below it
        string_agg(nam.code, '/') FILTER (WHERE nam.code ~ '^[A-Za-z0-9_]{1,50}$' AND length(nam.name) <= 255)
            OVER (PARTITION BY nam.line_no ORDER BY nam.level) AS path
    FROM named AS nam;

    INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value, message)
    SELECT
        p_upload_id, cel.line_no - 1, 'reject', rea.category, load.trimmed(cel.header), left(cel.raw_cell, 200),
        CASE rea.category
            WHEN 'TOO_LONG' THEN format('Row %s: Name is longer than 255 characters', cel.line_no)
            ELSE format('Row %s: Invalid code ''%s''', cel.line_no, cel.code)
        END
    FROM pg_temp.lob_cells AS cel
    CROSS JOIN LATERAL (
        SELECT CASE WHEN cel.code ~ '^[A-Za-z0-9_]{1,50}$' THEN 'TOO_LONG' ELSE 'BAD_CODE' END AS category
    ) AS rea
    WHERE NOT cel.is_valid
    ORDER BY cel.line_no, cel.level;

    -- One node after the other, parents first: a node may be the parent of the next, and each takes the next number.
    FOR v_node IN
        SELECT fst.* FROM (
            SELECT DISTINCT ON (cel.path) cel.*
            FROM pg_temp.lob_cells AS cel
            WHERE cel.is_valid
            ORDER BY cel.path, cel.line_no, cel.level
        ) AS fst
        ORDER BY fst.level, fst.line_no
    LOOP
        SELECT nod.* INTO v_known
        FROM pg_temp.lob_paths AS pat
        INNER JOIN pg_temp.lob_nodes AS nod ON pat.node_no = nod.node_no
        WHERE pat.path = v_node.path;
        IF FOUND THEN
            INSERT INTO pg_temp.lob_entries (outcome, details)
            VALUES (
                CASE WHEN v_known.name = v_node.name THEN 'skip' ELSE 'update' END,
                jsonb_build_object('code', v_node.code, 'name', v_node.name, 'org_unit', v_known.org_unit, 'level', v_node.level)
            )
            ON CONFLICT DO NOTHING;
            UPDATE pg_temp.lob_nodes AS nod SET name = v_node.name, is_changed = TRUE
            WHERE nod.node_no = v_known.node_no AND nod.name <> v_node.name;
        ELSE
            SELECT pat.node_no INTO v_parent_no
            FROM pg_temp.lob_paths AS pat
            WHERE pat.path = regexp_replace(v_node.path, '/?[^/]*$', '');
            v_org_unit := model_risk.next_synthetic_org_unit();
            INSERT INTO pg_temp.lob_nodes (parent_no, code, name, level, org_unit)
            VALUES (v_parent_no, v_node.code, v_node.name, v_node.level, v_org_unit)
            RETURNING node_no INTO v_node_no;
            INSERT INTO pg_temp.lob_paths (path, node_no) VALUES (v_node.path, v_node_no);
            INSERT INTO pg_temp.lob_entries (outcome, details)
            VALUES ('create', jsonb_build_object(
                'code', v_node.code, 'name', v_node.name, 'org_unit', v_org_unit, 'level', v_node.level,
                'parent_code', (SELECT nod.code FROM pg_temp.lob_nodes AS nod WHERE nod.node_no = v_parent_no)
            ));
        END IF;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION model_risk.plan_lob_legacy IS
'p_places: the hierarchy columns, SBU first, as places in the header. The first occurrence of a path in the file fixes name and level. Works on the tables of collect_lob_nodes() and adds issues.';

REVOKE ALL ON FUNCTION model_risk.plan_lob_legacy FROM PUBLIC;
