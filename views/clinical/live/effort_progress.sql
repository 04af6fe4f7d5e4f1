-- clinical.effort_progress
-- How far each reporting effort is.
-- grain:    one row per reporting effort and visibility
-- requires: clinical.is_done(), clinical.percent_of()
-- source:   docs/clinical.md, "Progress"

CREATE OR REPLACE VIEW clinical.effort_progress AS
SELECT
    eff.id AS reporting_effort_id,
    vis.visibility,
    count(itm.id) AS items_total,
    count(itm.id) FILTER (WHERE NOT itm.is_active) AS items_inactive,
    count(itm.id) FILTER (WHERE trk.id IS NULL) AS items_without_tracker,
    count(trk.id) AS trackers_total,
    count(trk.id) FILTER (WHERE trk.production_status = 'not_started') AS prod_not_started,
    count(trk.id) FILTER (WHERE trk.production_status = 'in_progress') AS prod_in_progress,
    count(trk.id) FILTER (WHERE trk.production_status = 'completed') AS prod_completed,
    count(trk.id) FILTER (WHERE trk.production_status = 'on_hold') AS prod_on_hold,
    count(trk.id) FILTER (WHERE trk.qc_status = 'not_started') AS qc_not_started,
    count(trk.id) FILTER (WHERE trk.qc_status = 'in_progress') AS qc_in_progress,
    count(trk.id) FILTER (WHERE trk.qc_status = 'completed') AS qc_completed,
    count(trk.id) FILTER (WHERE trk.qc_status = 'failed') AS qc_failed,
    count(trk.id) FILTER (WHERE clinical.is_done(trk.production_status, trk.qc_status)) AS done,
    count(trk.id) FILTER (WHERE trk.production_status = 'in_progress' OR trk.qc_status = 'in_progress') AS in_progress_any,
    clinical.percent_of(
        count(trk.id) FILTER (WHERE clinical.is_done(trk.production_status, trk.qc_status)), count(trk.id)
    ) AS completion_pct,
    count(trk.id) FILTER (WHERE trk.production_programmer_id IS NULL) AS unassigned_production,
    count(trk.id) FILTER (WHERE trk.qc_programmer_id IS NULL) AS unassigned_qc,
    count(trk.id) FILTER (WHERE trk.in_production_flag) AS in_production,
    coalesce(sum(trk.unresolved_comment_count), 0) AS unresolved_comments,
    count(trk.id) FILTER (WHERE trk.unresolved_comment_count > 0) AS trackers_with_unresolved,
    min(trk.due_date) FILTER (WHERE trk.production_status <> 'completed') AS next_due_date
FROM clinical.reporting_efforts AS eff
CROSS JOIN (VALUES ('all'), ('active')) AS vis (visibility)
LEFT JOIN clinical.reporting_effort_items AS itm
    ON eff.id = itm.reporting_effort_id AND (vis.visibility = 'all' OR itm.is_active)
-- the tracker bears the effort too: both tables are read by effort
LEFT JOIN clinical.reporting_effort_item_tracker AS trk
    ON itm.id = trk.reporting_effort_item_id AND eff.id = trk.reporting_effort_id
GROUP BY eff.id, vis.visibility;

COMMENT ON VIEW clinical.effort_progress IS
'visibility: all, or active for active items only. An effort without items has a row with zeros.';
COMMENT ON COLUMN clinical.effort_progress.completion_pct IS 'Share of the trackers that is done, in whole percent.';
COMMENT ON COLUMN clinical.effort_progress.next_due_date IS 'Earliest due date of a production that is not completed, past or to come.';

GRANT SELECT ON clinical.effort_progress TO tidemark_operator;
