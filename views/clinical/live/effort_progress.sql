-- clinical.effort_progress
-- How far each reporting effort is.
-- grain:    one row per reporting effort and visibility
-- requires: clinical.is_done(), clinical.percent_of()
-- source:   docs/clinical.md, "Progress"

CREATE OR REPLACE VIEW clinical.effort_progress AS
SELECT
    eff.id AS reporting_effort_id,
    vis.visibility,
    coalesce(sum(own.items), 0)::bigint AS items_total,
    coalesce(sum(own.items) FILTER (WHERE NOT own.is_active), 0)::bigint AS items_inactive,
    coalesce(sum(own.items - own.trackers), 0)::bigint AS items_without_tracker,
    coalesce(sum(own.trackers), 0)::bigint AS trackers_total,
    coalesce(sum(own.trackers) FILTER (WHERE own.production_status = 'not_started'), 0)::bigint AS prod_not_started,
    coalesce(sum(own.trackers) FILTER (WHERE own.production_status = 'in_progress'), 0)::bigint AS prod_in_progress,
    coalesce(sum(own.trackers) FILTER (WHERE own.production_status = 'completed'), 0)::bigint AS prod_completed,
    coalesce(sum(own.trackers) FILTER (WHERE own.production_status = 'on_hold'), 0)::bigint AS prod_on_hold,
    coalesce(sum(own.trackers) FILTER (WHERE own.qc_status = 'not_started'), 0)::bigint AS qc_not_started,
    coalesce(sum(own.trackers) FILTER (WHERE own.qc_status = 'in_progress'), 0)::bigint AS qc_in_progress,
    coalesce(sum(own.trackers) FILTER (WHERE own.qc_status = 'completed'), 0)::bigint AS qc_completed,
    coalesce(sum(own.trackers) FILTER (WHERE own.qc_status = 'failed'), 0)::bigint AS qc_failed,
    coalesce(sum(own.trackers) FILTER (WHERE clinical.is_done(own.production_status, own.qc_status)), 0)::bigint AS done,
    coalesce(sum(own.trackers) FILTER (WHERE own.production_status = 'in_progress' OR own.qc_status = 'in_progress'), 0)::bigint
        AS in_progress_any,
    clinical.percent_of(
        coalesce(sum(own.trackers) FILTER (WHERE clinical.is_done(own.production_status, own.qc_status)), 0)::bigint,
        coalesce(sum(own.trackers), 0)::bigint
    ) AS completion_pct,
    coalesce(sum(own.trackers - own.with_producer), 0)::bigint AS unassigned_production,
    coalesce(sum(own.trackers - own.with_checker), 0)::bigint AS unassigned_qc,
    coalesce(sum(own.in_production), 0)::bigint AS in_production,
    coalesce(sum(own.unresolved_comments), 0)::bigint AS unresolved_comments,
    coalesce(sum(own.with_unresolved), 0)::bigint AS trackers_with_unresolved,
    min(own.first_due_date) FILTER (WHERE own.production_status <> 'completed') AS next_due_date
FROM clinical.reporting_efforts AS eff
CROSS JOIN (VALUES ('all'), ('active')) AS vis (visibility)
-- counted once by what the columns above tell apart, so that no item is looked at for each of them
LEFT JOIN (
    SELECT
        itm.reporting_effort_id,
        itm.is_active,
        trk.production_status,
        trk.qc_status,
        count(*) AS items,
        count(trk.id) AS trackers,
        count(trk.production_programmer_id) AS with_producer,
        count(trk.qc_programmer_id) AS with_checker,
        count(*) FILTER (WHERE trk.in_production_flag) AS in_production,
        sum(trk.unresolved_comment_count) AS unresolved_comments,
        count(*) FILTER (WHERE trk.unresolved_comment_count > 0) AS with_unresolved,
        min(trk.due_date) AS first_due_date
    FROM clinical.reporting_effort_items AS itm
    -- the tracker bears the effort too: both tables are read by effort
    LEFT JOIN clinical.reporting_effort_item_tracker AS trk
        ON itm.id = trk.reporting_effort_item_id AND itm.reporting_effort_id = trk.reporting_effort_id
    GROUP BY itm.reporting_effort_id, itm.is_active, trk.production_status, trk.qc_status
) AS own ON eff.id = own.reporting_effort_id AND (vis.visibility = 'all' OR own.is_active)
GROUP BY eff.id, vis.visibility;

COMMENT ON VIEW clinical.effort_progress IS
'visibility: all, or active for active items only. An effort without items has a row with zeros.';
COMMENT ON COLUMN clinical.effort_progress.completion_pct IS 'Share of the trackers that is done, in whole percent.';
COMMENT ON COLUMN clinical.effort_progress.next_due_date IS 'Earliest due date of a production that is not completed, past or to come.';

GRANT SELECT ON clinical.effort_progress TO tidemark_operator;
