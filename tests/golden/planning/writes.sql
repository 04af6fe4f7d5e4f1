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
