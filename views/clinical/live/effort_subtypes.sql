-- clinical.effort_subtypes
-- How far each kind of item of a reporting effort is.
-- grain:    one row per reporting effort, visibility, item type and subtype with trackers
-- requires: clinical.is_done()
-- source:   docs/clinical.md, "Progress"

CREATE OR REPLACE VIEW clinical.effort_subtypes AS
SELECT
    trk.reporting_effort_id,
    vis.visibility,
    itm.item_type,
    itm.item_subtype,
    count(*) AS total,
    count(*) FILTER (WHERE trk.production_status = 'completed') AS completed,
    count(*) FILTER (WHERE trk.production_status = 'in_progress') AS in_progress,
    count(*) FILTER (WHERE clinical.is_done(trk.production_status, trk.qc_status)) AS done
FROM clinical.reporting_effort_item_tracker AS trk
INNER JOIN clinical.reporting_effort_items AS itm
    ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
INNER JOIN (VALUES ('all'), ('active')) AS vis (visibility) ON vis.visibility = 'all' OR itm.is_active
GROUP BY trk.reporting_effort_id, vis.visibility, itm.item_type, itm.item_subtype;

COMMENT ON VIEW clinical.effort_subtypes IS
'completed and in_progress are of the production.';

GRANT SELECT ON clinical.effort_subtypes TO tidemark_operator;
