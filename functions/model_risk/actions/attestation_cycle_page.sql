-- model_risk.attestation_cycle_page()
-- One page of the attestation cycles, newest first, continued after a cycle already seen.
-- requires: model_risk.attestation_cycle_count, model_risk.require_attestation_list_filter()
-- source:   docs/model_risk.md, "Attestation cycles"

CREATE OR REPLACE FUNCTION model_risk.attestation_cycle_page(
    p_status text DEFAULT NULL,
    p_limit integer DEFAULT 100,
    p_after_period_start date DEFAULT NULL,
    p_after_cycle_id integer DEFAULT NULL
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
    PERFORM model_risk.require_attestation_list_filter(p_status, p_limit, 0);
    IF (p_after_period_start IS NULL) <> (p_after_cycle_id IS NULL) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'half of the position to continue after is missing',
            DETAIL = format('period_start_date is %s, cycle_id is %s.',
                coalesce(p_after_period_start::text, 'NULL'), coalesce(p_after_cycle_id::text, 'NULL')),
            HINT = 'Give both from the last row of the page before, or neither for the first page.';
    END IF;
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
        WHERE (p_status IS NULL OR cyc.status = p_status)
            AND (
                p_after_cycle_id IS NULL
                OR (cyc.period_start_date, cyc.cycle_id) < (p_after_period_start, p_after_cycle_id)
            )
        ORDER BY cyc.period_start_date DESC, cyc.cycle_id DESC
        LIMIT p_limit
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

COMMENT ON FUNCTION model_risk.attestation_cycle_page IS
'Like attestation_cycle_list(), but continued by period_start_date and cycle_id of the last row seen: every page costs the same. Raises 22023, 2201W.';

REVOKE ALL ON FUNCTION model_risk.attestation_cycle_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.attestation_cycle_page TO tidemark_app;
