-- clinical.programmer_work
-- What each programmer has to do in each reporting effort on refresh.as_of_date().
-- grain:    one row per reporting effort, visibility and programmer with a tracker there
-- requires: clinical.is_done(), clinical.due_state(), clinical.due_valid_until(), refresh.as_of_date()
-- source:   docs/clinical.md, "Workload"
-- Per effort, so that one change leads to its rows without a look at another table; what asks for a user adds them up.

CREATE OR REPLACE VIEW clinical.programmer_work AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    own.reporting_effort_id,
    vis.visibility,
    own.programmer_id,
    sum(own.prod_total)::bigint AS prod_total,
    sum(own.prod_not_started)::bigint AS prod_not_started,
    sum(own.prod_in_progress)::bigint AS prod_in_progress,
    sum(own.prod_completed)::bigint AS prod_completed,
    sum(own.prod_on_hold)::bigint AS prod_on_hold,
    sum(own.qc_total)::bigint AS qc_total,
    sum(own.qc_not_started)::bigint AS qc_not_started,
    sum(own.qc_in_progress)::bigint AS qc_in_progress,
    sum(own.qc_completed)::bigint AS qc_completed,
    sum(own.qc_failed)::bigint AS qc_failed,
    sum(own.role_both)::bigint AS role_both,
    sum(own.not_started)::bigint AS not_started,
    sum(own.in_progress)::bigint AS in_progress,
    sum(own.completed)::bigint AS completed,
    sum(own.overdue)::bigint AS overdue,
    sum(own.due_soon)::bigint AS due_soon,
    min(own.valid_until) AS valid_until
-- active and inactive items apart, so that no tracker is counted for each visibility
FROM (
    SELECT
        wrk.reporting_effort_id,
        wrk.programmer_id,
        itm.is_active,
        count(*) FILTER (WHERE wrk.produces) AS prod_total,
        count(*) FILTER (WHERE wrk.produces AND wrk.production_status = 'not_started') AS prod_not_started,
        count(*) FILTER (WHERE wrk.produces AND wrk.production_status = 'in_progress') AS prod_in_progress,
        count(*) FILTER (WHERE wrk.produces AND wrk.production_status = 'completed') AS prod_completed,
        count(*) FILTER (WHERE wrk.produces AND wrk.production_status = 'on_hold') AS prod_on_hold,
        count(*) FILTER (WHERE wrk.checks) AS qc_total,
        count(*) FILTER (WHERE wrk.checks AND wrk.qc_status = 'not_started') AS qc_not_started,
        count(*) FILTER (WHERE wrk.checks AND wrk.qc_status = 'in_progress') AS qc_in_progress,
        count(*) FILTER (WHERE wrk.checks AND wrk.qc_status = 'completed') AS qc_completed,
        count(*) FILTER (WHERE wrk.checks AND wrk.qc_status = 'failed') AS qc_failed,
        count(*) FILTER (WHERE wrk.produces AND wrk.checks) AS role_both,
        count(*) FILTER (WHERE wrk.production_status = 'not_started' OR wrk.qc_status = 'not_started') AS not_started,
        count(*) FILTER (WHERE wrk.production_status = 'in_progress' OR wrk.qc_status = 'in_progress') AS in_progress,
        count(*) FILTER (WHERE clinical.is_done(wrk.production_status, wrk.qc_status)) AS completed,
        count(*) FILTER (WHERE clinical.due_state(wrk.production_status, wrk.due_date, clock.as_of) = 'overdue') AS overdue,
        count(*) FILTER (WHERE clinical.due_state(wrk.production_status, wrk.due_date, clock.as_of) = 'due_soon') AS due_soon,
        min(clinical.due_valid_until(wrk.production_status, wrk.due_date, clock.as_of)) AS valid_until
    FROM (
        SELECT
            trk.reporting_effort_id,
            trk.production_programmer_id AS programmer_id,
            TRUE AS produces,
            trk.production_programmer_id IS NOT DISTINCT FROM trk.qc_programmer_id AS checks,
            trk.reporting_effort_item_id,
            trk.production_status,
            trk.qc_status,
            trk.due_date
        FROM clinical.reporting_effort_item_tracker AS trk
        WHERE trk.production_programmer_id IS NOT NULL
        UNION ALL
        SELECT
            trk.reporting_effort_id,
            trk.qc_programmer_id,
            FALSE,
            TRUE,
            trk.reporting_effort_item_id,
            trk.production_status,
            trk.qc_status,
            trk.due_date
        FROM clinical.reporting_effort_item_tracker AS trk
        WHERE trk.qc_programmer_id IS NOT NULL AND trk.qc_programmer_id IS DISTINCT FROM trk.production_programmer_id
    ) AS wrk
    INNER JOIN clinical.reporting_effort_items AS itm
        ON wrk.reporting_effort_item_id = itm.id AND wrk.reporting_effort_id = itm.reporting_effort_id
    CROSS JOIN clock
    GROUP BY wrk.reporting_effort_id, wrk.programmer_id, itm.is_active
) AS own
INNER JOIN (VALUES ('all'), ('active')) AS vis (visibility) ON vis.visibility = 'all' OR own.is_active
GROUP BY own.reporting_effort_id, vis.visibility, own.programmer_id;

COMMENT ON VIEW clinical.programmer_work IS
'A tracker with the same person in both roles counts in prod_total, in qc_total and in role_both, elsewhere once. not_started and in_progress: either status has that value.';
COMMENT ON COLUMN clinical.programmer_work.valid_until IS 'First day on which overdue or due_soon differ although nothing is written; infinity: never.';

GRANT SELECT ON clinical.programmer_work TO tidemark_operator;
