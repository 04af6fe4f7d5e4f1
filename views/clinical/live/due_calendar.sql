-- clinical.due_calendar
-- How much of a reporting effort is due on each day.
-- grain:    one row per reporting effort, visibility and due date; NULL: no due date
-- requires: nothing
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE VIEW clinical.due_calendar AS
SELECT
    trk.reporting_effort_id,
    vis.visibility,
    trk.due_date,
    count(*) AS total,
    count(*) FILTER (WHERE trk.production_status <> 'completed') AS production_open,
    count(*) FILTER (WHERE trk.qc_status <> 'completed') AS qc_open
FROM clinical.reporting_effort_item_tracker AS trk
INNER JOIN clinical.reporting_effort_items AS itm
    ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
INNER JOIN (VALUES ('all'), ('active')) AS vis (visibility) ON vis.visibility = 'all' OR itm.is_active
GROUP BY trk.reporting_effort_id, vis.visibility, trk.due_date;

COMMENT ON VIEW clinical.due_calendar IS
'Open: not completed.';

GRANT SELECT ON clinical.due_calendar TO tidemark_operator;
