-- clinical.programmer_pairs
-- How many trackers each pair of programmers shares.
-- grain:    one row per visibility, production programmer and QC programmer; NULL: nobody
-- requires: nothing
-- source:   docs/clinical.md, "Workload"

CREATE OR REPLACE VIEW clinical.programmer_pairs AS
SELECT
    vis.visibility,
    trk.production_programmer_id,
    trk.qc_programmer_id,
    count(*) AS total,
    count(*) FILTER (WHERE trk.production_status = 'in_progress') AS in_progress,
    count(*) FILTER (WHERE trk.production_status = 'completed') AS completed
FROM clinical.reporting_effort_item_tracker AS trk
INNER JOIN clinical.reporting_effort_items AS itm
    ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
INNER JOIN (VALUES ('all'), ('active')) AS vis (visibility) ON vis.visibility = 'all' OR itm.is_active
GROUP BY vis.visibility, trk.production_programmer_id, trk.qc_programmer_id;

COMMENT ON VIEW clinical.programmer_pairs IS
'in_progress and completed are of the production.';

GRANT SELECT ON clinical.programmer_pairs TO tidemark_operator;
