-- model_risk.attestation_cycle_list()
-- One page of the attestation cycles, newest first, by limit and offset.
-- requires: model_risk.attestation_cycle_count, model_risk.require_attestation_list_filter()
-- source:   docs/model_risk.md, "Attestation cycles"

CREATE OR REPLACE FUNCTION model_risk.attestation_cycle_list(
    p_status text DEFAULT NULL, p_limit integer DEFAULT 100, p_offset integer DEFAULT 0
)
RETURNS TABLE (
    cycle_id integer,
    cycle_name text,
    period_start_date date,
    period_end_date date,
    submission_due_date date,
    status text,
    total_records bigint,
    pending_count bigint,
    submitted_count bigint,
    accepted_count bigint,
    coverage_pct numeric
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM model_risk.require_attestation_list_filter(p_status, p_limit, p_offset);
    RETURN QUERY
    SELECT
        one.cycle_id,
        one.cycle_name,
        one.period_start_date,
        one.period_end_date,
        one.submission_due_date,
        one.cycle_status,
        one.total_records,
        one.pending_count,
        one.submitted_count,
        one.accepted_count,
        one.coverage_pct
    FROM (
        SELECT cyc.cycle_id
        FROM model_risk.attestation_cycles AS cyc
        WHERE p_status IS NULL OR cyc.status = p_status
        ORDER BY cyc.period_start_date DESC, cyc.cycle_id DESC
        LIMIT p_limit OFFSET p_offset
    ) AS page
    -- OFFSET 0 hands each cycle of the page to the view alone: no other record is read
    CROSS JOIN LATERAL (
        SELECT cnt.*
        FROM model_risk.attestation_cycle_count AS cnt
        WHERE cnt.cycle_id = page.cycle_id
        OFFSET 0
    ) AS one
    ORDER BY one.period_start_date DESC, one.cycle_id DESC;
END;
$$;

COMMENT ON FUNCTION model_risk.attestation_cycle_list IS
'Cycles with their record counts; filtered by status (NULL: all), ordered, then cut. Deep pages cost what they skip: use attestation_cycle_page() there. Raises 22023, 2201W, 2201X.';

REVOKE ALL ON FUNCTION model_risk.attestation_cycle_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.attestation_cycle_list TO tidemark_app;
