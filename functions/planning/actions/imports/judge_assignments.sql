-- planning.judge_assignments()
-- Asks for each row of a file of assignments what would be said if the rows were planned one after the other.
-- requires: planning.assignment_code()
-- source:   docs/planning_writes.md, "Planning many assignments"

CREATE OR REPLACE FUNCTION planning.judge_assignments()
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_row record;
    v_key text := '';
    v_projects uuid[];
    v_percentage numeric;
    v_code text;
BEGIN
    DROP TABLE IF EXISTS judged_rows;
    CREATE TEMPORARY TABLE judged_rows ON COMMIT DROP AS
    SELECT
        imp.row_no, imp.resource_id, imp.project_id, imp.assignment_date, imp.capital_percentage, imp.expense_percentage,
        res.resource_type, prj.start_date, prj.end_date, day.is_duplicate, day.percentage,
        planning.assignment_code(
            res.resource_type, prj.start_date, prj.end_date, imp.assignment_date, day.is_duplicate,
            imp.capital_percentage, imp.expense_percentage, day.percentage
        ) AS code,
        count(*) OVER (PARTITION BY imp.resource_id, imp.assignment_date) > 1 AS has_others
    FROM pg_temp.import_rows AS imp
    LEFT JOIN planning.resources AS res ON imp.resource_id = res.id
    LEFT JOIN planning.projects AS prj ON imp.project_id = prj.id
    CROSS JOIN LATERAL (
        SELECT
            coalesce(bool_or(asg.project_id = imp.project_id), FALSE) AS is_duplicate,
            coalesce(sum(asg.capital_percentage + asg.expense_percentage), 0) AS percentage
        FROM planning.resource_assignments AS asg
        WHERE asg.resource_id = imp.resource_id AND asg.assignment_date = imp.assignment_date
    ) AS day
    WHERE imp.codes = '{}';

    -- rows of one person and day depend on those before them that are accepted
    FOR v_row IN
        SELECT jud.* FROM pg_temp.judged_rows AS jud
        WHERE jud.has_others
        ORDER BY jud.resource_id, jud.assignment_date, jud.row_no
    LOOP
        IF v_key <> v_row.resource_id || ' ' || v_row.assignment_date THEN
            v_key := v_row.resource_id || ' ' || v_row.assignment_date;
            v_projects := '{}';
            v_percentage := 0;
        END IF;
        v_code := planning.assignment_code(
            v_row.resource_type, v_row.start_date, v_row.end_date, v_row.assignment_date,
            v_row.is_duplicate OR v_row.project_id = ANY (v_projects),
            v_row.capital_percentage, v_row.expense_percentage, v_row.percentage + v_percentage
        );
        IF v_code = 'OK' THEN
            v_projects := v_projects || v_row.project_id;
            v_percentage := v_percentage + v_row.capital_percentage + v_row.expense_percentage;
        END IF;
        IF v_code <> v_row.code THEN
            UPDATE pg_temp.judged_rows AS jud SET code = v_code WHERE jud.row_no = v_row.row_no;
        END IF;
    END LOOP;
    UPDATE pg_temp.import_rows AS imp SET codes = ARRAY[jud.code]
    FROM pg_temp.judged_rows AS jud
    WHERE imp.row_no = jud.row_no AND jud.code <> 'OK';
END;
$$;

COMMENT ON FUNCTION planning.judge_assignments IS
'Reads pg_temp.import_rows without codes and gives them one where they cannot be planned; a row that is refused stands in nobody''s way.';

REVOKE ALL ON FUNCTION planning.judge_assignments FROM PUBLIC;
