-- What planning's rules of writes must answer.

-- name: expected/expected_nonlabor_schedule.csv
-- key: case_no, occurrence_no
-- reads: expected/expected_nonlabor_schedule.csv (case_no, total_amount, schedule_start, schedule_end, frequency, period_placement)
SELECT
    cas.case_no, cas.total_amount, cas.schedule_start, cas.schedule_end, cas.frequency, cas.period_placement,
    occ.occurrence_no, occ.occurrence_date, occ.base_amount
FROM (
    SELECT DISTINCT exp.case_no, exp.total_amount, exp.schedule_start, exp.schedule_end, exp.frequency, exp.period_placement
    FROM expected_nonlabor_schedule AS exp
) AS cas
CROSS JOIN LATERAL planning.straight_line_schedule(
    cas.total_amount::numeric, cas.schedule_start::date, cas.schedule_end::date, cas.frequency, cas.period_placement
) AS occ;

-- name: expected/expected_phase_timeline.csv
-- key: case_no
-- reads: expected/expected_phase_timeline.csv (case_no, project_start, project_end, phases)
SELECT
    cas.case_no, cas.project_start, cas.project_end, cas.phases,
    cod.codes = '{}' AS is_valid,
    nullif(array_to_string(cod.codes, '|'), '') AS error_codes
FROM expected_phase_timeline AS cas
CROSS JOIN LATERAL (
    SELECT planning.phase_timeline_codes(cas.project_start::date, cas.project_end::date, cas.phases::jsonb) AS codes
) AS cod;

-- name: expected/expected_assignment_conflicts.csv
-- key: resource_id, assignment_date
SELECT con.resource_id::text, con.assignment_date, con.total_allocation, con.over_allocation
FROM planning.assignment_conflict AS con;

-- name: expected/expected_actual_conflicts.csv
-- key: external_worker_id, actual_date
SELECT con.external_worker_id, con.actual_date, con.total_allocation, con.excess
FROM planning.actual_conflict AS con;

-- name: expected/expected_rate_lookup.csv
-- key: worker_type_id, as_of_date
-- reads: expected/expected_rate_lookup.csv (worker_type_id, as_of_date)
SELECT cas.worker_type_id, cas.as_of_date, rat.rate_id::text, rat.rate_amount, rat.next_change_on AS next_transition_date
FROM expected_rate_lookup AS cas
CROSS JOIN LATERAL planning.rate_at(cas.worker_type_id::uuid, cas.as_of_date::date) AS rat;

-- name: expected/expected_phase_on_date.csv
-- key: project_id, as_of_date
-- reads: expected/expected_phase_on_date.csv (project_id, as_of_date)
SELECT cas.project_id, cas.as_of_date, pha.phase_id::text, pha.next_change_on AS next_transition_date
FROM expected_phase_on_date AS cas
CROSS JOIN LATERAL planning.phase_at(cas.project_id::uuid, cas.as_of_date::date) AS pha;

-- name: expected/expected_active_entities.csv
-- key: entity_type, entity_id, as_of_date
-- reads: expected/expected_active_entities.csv (entity_type, entity_id, as_of_date)
SELECT
    cas.entity_type, cas.entity_id, cas.as_of_date,
    planning.is_active_on(ent.start_date, ent.end_date, cas.as_of_date::date) AS is_active,
    planning.active_next_change_on(ent.start_date, ent.end_date, cas.as_of_date::date) AS next_transition_date
FROM expected_active_entities AS cas
INNER JOIN (
    SELECT 'portfolio' AS entity_type, pfo.id, pfo.reporting_start_date AS start_date, pfo.reporting_end_date AS end_date FROM planning.portfolios AS pfo
    UNION ALL
    SELECT 'program', prg.id, prg.start_date, prg.end_date FROM planning.programs AS prg
    UNION ALL
    SELECT 'project', prj.id, prj.start_date, prj.end_date FROM planning.projects AS prj
) AS ent ON cas.entity_type = ent.entity_type AND cas.entity_id = ent.id::text;

-- name: expected/expected_assignment_cost.csv
-- key: assignment_id
-- reads: expected/expected_assignment_cost.csv (assignment_id)
SELECT
    cas.assignment_id, cos.forecast_cost, cos.forecast_capital, cos.forecast_cost - cos.forecast_capital AS forecast_expense,
    cos.is_defaulted AS rate_defaulted
FROM expected_assignment_cost AS cas
INNER JOIN planning.assignment_cost AS cos ON cas.assignment_id = cos.assignment_id::text;
