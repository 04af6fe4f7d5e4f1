-- load.upload
-- Every load and what became of it.
-- grain:    one row per upload
-- requires: load_internal.is_mine()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE VIEW load.upload WITH (security_barrier) AS
SELECT
    upl.upload_id,
    upl.family_name,
    upl.dataset_name,
    upl.file_name,
    upl.given_parameters,
    upl.parameters,
    upl.is_dry_run,
    upl.load_status,
    upl.error_code,
    upl.error_detail,
    upl.error_message,
    upl.header,
    upl.staged_bytes,
    upl.staged_rows,
    upl.staged_digest,
    upl.repeats_upload_id,
    upl.total_rows,
    upl.processed_rows,
    upl.rejected_rows,
    upl.superseded_rows,
    (SELECT count(*) FROM load.issues AS iss WHERE iss.upload_id = upl.upload_id AND iss.severity = 'warn') AS warning_count,
    upl.merge_result,
    upl.started_by,
    upl.started_at,
    upl.finished_at,
    (
        SELECT jsonb_object_agg(pha.phase, round(pha.duration_ms::numeric, 1))
        FROM load.phases AS pha WHERE pha.upload_id = upl.upload_id
    ) AS phase_ms,
    upl.content_digest,
    upl.reading
FROM load.uploads AS upl
WHERE load_internal.is_mine(upl.started_by);

COMMENT ON VIEW load.upload IS
'One row per upload of the caller, for operators of everybody; key upload_id. total_rows = processed_rows + rejected_rows unless failed. phase_ms: duration of each phase in milliseconds.';

GRANT SELECT ON load.upload TO tidemark_loader, tidemark_operator;
