-- trade.evaluate_assessments()
-- Judges assessments and writes what comes of it.
-- requires: trade.judge_assessments(), trade.case_hash(), refresh.now()
-- source:   docs/trade.md, "The verdict"

CREATE OR REPLACE FUNCTION trade.evaluate_assessments(p_assessment_ids uuid[] DEFAULT NULL)
RETURNS TABLE (
    evaluated bigint,
    qualified bigint,
    disqualified bigint,
    manual_review bigint,
    no_rule bigint,
    failed bigint
)
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_custom_plan SET jit = off
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_ids uuid[];
    v_begun timestamptz := clock_timestamp();
BEGIN
    -- row security shows a company its own, and nothing else is judged
    SELECT array_agg(own.assessment_id) INTO v_ids
    FROM (
        SELECT ass.assessment_id FROM trade.assessments AS ass
        WHERE CASE WHEN p_assessment_ids IS NULL THEN ass.status = 'pending' ELSE ass.assessment_id = ANY(p_assessment_ids) END
        ORDER BY ass.assessment_id
        FOR UPDATE
    ) AS own;
    RETURN QUERY
    WITH judged AS MATERIALIZED (
        SELECT jud.*, count(*) OVER () AS judged_count, 1000 * extract(EPOCH FROM clock_timestamp() - v_begun) AS passed_ms
        FROM trade.judge_assessments(v_ids) AS jud
    ),

    verdicts AS (
        INSERT INTO trade.psra_verdicts AS ver (
            evaluation_id, rule_id, status, confidence, citations, reasons, notes, ledger_reference, input_payload, input_hash,
            processing_time_ms, rules_evaluated, decided_at, tenant_id, request_id, agreement_code, hs_subheading, effective_date,
            import_country, export_country, lineage_required
        )
        SELECT
            ass.assessment_id, jud.rule_id, jud.status, jud.confidence, jud.citations, jud.reasons, jud.notes, jud.ledger_reference,
            jsonb_build_object('case', jud.case_text), trade.case_hash(jud.case_text),
            round(jud.passed_ms / jud.judged_count, 3), 1, refresh.now(), ass.tenant_id, ass.request_id, ass.agreement_code, ass.product_hs,
            ass.effective_date, ass.import_country, ass.export_country, jud.lineage_required
        FROM judged AS jud
        INNER JOIN trade.assessments AS ass ON jud.assessment_id = ass.assessment_id
        WHERE jud.outcome = 'verdict'
        ON CONFLICT (evaluation_id) DO UPDATE SET
            rule_id = excluded.rule_id, status = excluded.status, confidence = excluded.confidence, citations = excluded.citations,
            reasons = excluded.reasons, notes = excluded.notes, ledger_reference = excluded.ledger_reference,
            input_payload = excluded.input_payload, input_hash = excluded.input_hash, processing_time_ms = excluded.processing_time_ms,
            rules_evaluated = excluded.rules_evaluated, decided_at = excluded.decided_at, tenant_id = excluded.tenant_id,
            request_id = excluded.request_id, agreement_code = excluded.agreement_code, hs_subheading = excluded.hs_subheading,
            effective_date = excluded.effective_date, import_country = excluded.import_country, export_country = excluded.export_country,
            lineage_required = excluded.lineage_required
        -- the same answer again writes nothing
        WHERE (
            ver.rule_id, ver.status, ver.confidence, ver.citations, ver.reasons, ver.notes, ver.ledger_reference, ver.input_hash,
            ver.request_id, ver.lineage_required
        ) IS DISTINCT FROM (
            excluded.rule_id, excluded.status, excluded.confidence, excluded.citations, excluded.reasons, excluded.notes,
            excluded.ledger_reference, excluded.input_hash, excluded.request_id, excluded.lineage_required
        )
    ),

    marked AS (
        UPDATE trade.assessments AS ass
        SET status = jud.assessment_status, rule_id = jud.rule_id, error = jud.error
        FROM judged AS jud
        WHERE ass.assessment_id = jud.assessment_id
            AND (ass.status, ass.rule_id, ass.error) IS DISTINCT FROM (jud.assessment_status, jud.rule_id, jud.error)
    )

    SELECT
        count(*),
        count(*) FILTER (WHERE jud.status = 'qualified'),
        count(*) FILTER (WHERE jud.status = 'disqualified'),
        count(*) FILTER (WHERE jud.status = 'manual_review'),
        count(*) FILTER (WHERE jud.outcome = 'no_rule'),
        count(*) FILTER (WHERE jud.outcome = 'error')
    FROM judged AS jud;
END;
$$;

COMMENT ON FUNCTION trade.evaluate_assessments IS
'NULL: all that are pending. The verdict of an assessment has its id as evaluation_id; judged again, it is replaced, and nothing is written where the answer is the same. Companies: the one of app.current_tenant_id; the owner of the tables judges for all.';

REVOKE ALL ON FUNCTION trade.evaluate_assessments FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.evaluate_assessments TO tidemark_app;
