-- planning.save_plan_line()
-- Plans money for a project that is no work, or changes such a plan.
-- requires: planning.require_right(), planning.require_version(), planning.refuse_code(), planning.round_half_even(), planning.write_occurrences()
-- requires: audit.record()
-- source:   docs/planning_writes.md, "Money planned without people"

CREATE OR REPLACE FUNCTION planning.save_plan_line(
    p_user_id uuid, p_project_id uuid, p_line jsonb, p_line_id uuid DEFAULT NULL, p_version integer DEFAULT NULL
)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_before planning.nonlabor_plan_lines;
    v_line planning.nonlabor_plan_lines;
    v_given planning.nonlabor_plan_lines;
    v_code text;
BEGIN
    PERFORM planning.require_right(p_user_id, 'update_project', p_project_id);
    IF p_line_id IS NOT NULL THEN
        SELECT lin.* INTO v_before FROM planning.nonlabor_plan_lines AS lin
        WHERE lin.id = p_line_id AND lin.project_id = p_project_id FOR UPDATE;
        -- a line of another project is as good as none
        PERFORM planning.require_right(p_user_id, 'update_project', v_before.project_id);
        PERFORM planning.require_version(v_before.version, p_version);
    END IF;
    v_given := jsonb_populate_record(v_before, p_line - ARRAY['id', 'project_id', 'status', 'version', 'created_at', 'updated_at']);
    IF v_given.method = 'MANUAL' THEN
        SELECT sum(planning.round_half_even((giv.value ->> 'amount')::numeric, 4)) INTO v_given.total_amount
        FROM jsonb_array_elements(p_line -> 'amounts') AS giv (value);
    END IF;
    v_code := CASE
        WHEN NOT EXISTS (SELECT FROM planning.resources AS res WHERE res.id = v_given.resource_id AND res.resource_type = 'NON_LABOR')
            THEN 'RESOURCE_NOT_NON_LABOR'
        WHEN v_before.status = 'CANCELLED' THEN 'LINE_CANCELLED'
        WHEN v_given.method = 'MANUAL' AND v_given.total_amount IS NULL THEN 'AMOUNTS_REQUIRED'
        WHEN v_given.total_amount < 0 OR jsonb_path_exists(p_line, '$.amounts[*].amount ? (@ < 0)') THEN 'AMOUNT_NEGATIVE'
        WHEN v_given.method = 'STRAIGHT_LINE' AND v_given.schedule_start > v_given.schedule_end THEN 'SCHEDULE_ORDER'
    END;
    IF v_code IS NOT NULL THEN
        PERFORM planning.refuse_code(
            v_code, 'the plan line cannot be saved', format('Method %s, total %s, from %s to %s.', v_given.method, v_given.total_amount,
                v_given.schedule_start, v_given.schedule_end),
            'A line is of a resource that is no person; it has amounts by day, or a total with a schedule; a cancelled one stays as it is.'
        );
    END IF;
    INSERT INTO planning.nonlabor_plan_lines AS lin (
        id, project_id, resource_id, name, description, method, cost_treatment, currency_code, total_amount,
        schedule_start, schedule_end, frequency, period_placement
    )
    VALUES (
        coalesce(v_before.id, gen_random_uuid()), p_project_id, v_given.resource_id, v_given.name, v_given.description, v_given.method,
        v_given.cost_treatment,
        coalesce(v_given.currency_code, (SELECT prj.currency_code FROM planning.projects AS prj WHERE prj.id = p_project_id)),
        v_given.total_amount, v_given.schedule_start, v_given.schedule_end, v_given.frequency, v_given.period_placement
    )
    ON CONFLICT (id) DO UPDATE SET
        resource_id = excluded.resource_id, name = excluded.name, description = excluded.description, method = excluded.method,
        cost_treatment = excluded.cost_treatment, currency_code = excluded.currency_code, total_amount = excluded.total_amount,
        schedule_start = excluded.schedule_start, schedule_end = excluded.schedule_end, frequency = excluded.frequency,
        period_placement = excluded.period_placement
    RETURNING lin.* INTO v_line;
    PERFORM planning.write_occurrences(v_line.id, p_line -> 'amounts');
    PERFORM audit.record('planning', 'NonlaborPlanLine', v_line.id::text, CASE WHEN v_before.id IS NULL THEN 'CREATE' ELSE 'UPDATE' END,
        p_user_id::text, CASE WHEN v_before.id IS NOT NULL THEN to_jsonb(v_before) END, to_jsonb(v_line));
    RETURN v_line.id;
END;
$$;

COMMENT ON FUNCTION planning.save_plan_line IS
'p_line: an object with the columns of planning.nonlabor_plan_lines and, of a manual line, amounts: a list of date and amount. p_line_id: the line to change; what p_line does not name stays. Gives its id. Raises 42501, 40001, and 23514 with a code.';

REVOKE ALL ON FUNCTION planning.save_plan_line FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.save_plan_line TO tidemark_app;
