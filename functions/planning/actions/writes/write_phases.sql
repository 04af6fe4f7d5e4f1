-- planning.write_phases()
-- Makes the phases of a project those of a list, or says what is wrong with it.
-- requires: planning.phase_timeline_codes(), planning.refuse_code(), audit.record(), load.trimmed()
-- source:   docs/planning_writes.md, "Projects and phases"

-- A phase that changes is deleted and inserted under its id: updated one by one, phases would overlap for a moment, which is refused.
CREATE OR REPLACE FUNCTION planning.write_phases(p_user_id uuid, p_project_id uuid, p_phases jsonb)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_project planning.projects;
    v_codes text[];
BEGIN
    SELECT prj.* INTO v_project FROM planning.projects AS prj WHERE prj.id = p_project_id;
    v_codes := planning.phase_timeline_codes(v_project.start_date, v_project.end_date, p_phases);
    IF v_codes <> '{}' THEN
        PERFORM planning.refuse_code(
            v_codes[1], 'the phases do not make a timeline of the project',
            format('Codes: %s. The project runs from %s to %s.', array_to_string(v_codes, ', '), v_project.start_date, v_project.end_date),
            'Phases follow each other without gap and overlap, from the first day of the project to its last; one phase is always left.'
        );
    END IF;
    DROP TABLE IF EXISTS new_phases;
    CREATE TEMPORARY TABLE new_phases ON COMMIT DROP AS
    SELECT
        coalesce(old.id, gen_random_uuid()) AS id, p_project_id AS project_id, load.trimmed(giv.value ->> 'name') AS name,
        (giv.value ->> 'start_date')::date AS start_date, (giv.value ->> 'end_date')::date AS end_date,
        coalesce((giv.value ->> 'labor_capital_budget')::numeric(15, 2), old.labor_capital_budget, 0) AS labor_capital_budget,
        coalesce((giv.value ->> 'labor_expense_budget')::numeric(15, 2), old.labor_expense_budget, 0) AS labor_expense_budget,
        coalesce((giv.value ->> 'nonlabor_capital_budget')::numeric(15, 2), old.nonlabor_capital_budget, 0) AS nonlabor_capital_budget,
        coalesce((giv.value ->> 'nonlabor_expense_budget')::numeric(15, 2), old.nonlabor_expense_budget, 0) AS nonlabor_expense_budget,
        CASE WHEN giv.value ? 'description' THEN giv.value ->> 'description' ELSE old.description END AS description,
        coalesce(old.created_at, now()) AS created_at, coalesce(old.version + 1, 1) AS version,
        to_jsonb(old) AS before
    FROM jsonb_array_elements(p_phases) AS giv (value)
    LEFT JOIN planning.project_phases AS old ON old.project_id = p_project_id AND old.id = (giv.value ->> 'id')::uuid;

    PERFORM audit.record('planning', 'ProjectPhase', old.id::text, 'DELETE', p_user_id::text, to_jsonb(old))
    FROM planning.project_phases AS old
    WHERE old.project_id = p_project_id AND old.id NOT IN (SELECT pha.id FROM pg_temp.new_phases AS pha);
    DELETE FROM planning.project_phases AS old
    WHERE old.project_id = p_project_id AND NOT EXISTS (
        SELECT FROM pg_temp.new_phases AS pha
        WHERE pha.id = old.id
            AND (pha.name, pha.start_date, pha.end_date, pha.labor_capital_budget, pha.labor_expense_budget, pha.nonlabor_capital_budget,
                pha.nonlabor_expense_budget, pha.description)
            IS NOT DISTINCT FROM (old.name, old.start_date, old.end_date, old.labor_capital_budget, old.labor_expense_budget,
                old.nonlabor_capital_budget, old.nonlabor_expense_budget, old.description)
    );
    WITH made AS (
        INSERT INTO planning.project_phases AS pha (
            id, project_id, name, start_date, end_date, labor_capital_budget, labor_expense_budget, nonlabor_capital_budget,
            nonlabor_expense_budget, total_budget, description, created_at, version
        )
        SELECT
            pha.id, pha.project_id, pha.name, pha.start_date, pha.end_date, pha.labor_capital_budget, pha.labor_expense_budget,
            pha.nonlabor_capital_budget, pha.nonlabor_expense_budget,
            pha.labor_capital_budget + pha.labor_expense_budget + pha.nonlabor_capital_budget + pha.nonlabor_expense_budget,
            pha.description, pha.created_at, pha.version
        FROM pg_temp.new_phases AS pha
        WHERE NOT EXISTS (SELECT FROM planning.project_phases AS old WHERE old.id = pha.id)
        RETURNING pha.*
    )

    SELECT count(audit.record('planning', 'ProjectPhase', made.id::text, CASE WHEN pha.before IS NULL THEN 'CREATE' ELSE 'UPDATE' END,
        p_user_id::text, pha.before, to_jsonb(made)))
    FROM made INNER JOIN pg_temp.new_phases AS pha ON made.id = pha.id
    INTO v_project.version;
END;
$$;

COMMENT ON FUNCTION planning.write_phases IS
'A phase with the id of one of the project changes it and keeps what it does not name; one without is new; those not named go. Raises 23514 with the first code of planning.phase_timeline_codes(), all of them in its detail.';

REVOKE ALL ON FUNCTION planning.write_phases FROM PUBLIC;
