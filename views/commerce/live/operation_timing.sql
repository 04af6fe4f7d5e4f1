-- commerce.operation_timing
-- How long uploads and saves of bundles took, phase by phase.
-- grain:    one row per upload and phase, and one per save of bundles
-- requires: nothing
-- source:   docs/commerce.md, "Timing"

CREATE OR REPLACE VIEW commerce.operation_timing AS
SELECT
    'upload' AS operation,
    upl.id::text AS operation_id,
    upl.shop_id,
    upl.csv_type,
    pha.phase,
    upl.created_at AS started_at,
    pha.duration_ms,
    pha.row_count,
    pha.duration_ms / nullif(pha.row_count, 0) AS ms_per_row
FROM commerce.csv_uploads AS upl
INNER JOIN load.phases AS pha ON upl.load_upload_id = pha.upload_id
UNION ALL
SELECT
    'bundle_save',
    sav.save_id::text,
    NULL,
    NULL,
    'total',
    sav.saved_at,
    sav.duration_ms,
    sav.record_count,
    sav.duration_ms / nullif(sav.record_count, 0)
FROM commerce.bundle_saves AS sav;

COMMENT ON VIEW commerce.operation_timing IS
'Phases of an upload: parse, stage, validate, merge and total, which holds the waiting in between too. Milliseconds; ms_per_row is NULL without rows.';

GRANT SELECT ON commerce.operation_timing TO tidemark_app, tidemark_operator;
