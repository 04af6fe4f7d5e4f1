-- trade.run_assessment_job()
-- A step of a job that judges assessments of its company.
-- requires: trade.evaluate_assessments(), trade.found_rules(), trade.hs_normalise()
-- source:   docs/trade.md, "Jobs"

CREATE OR REPLACE FUNCTION trade.run_assessment_job(p_job_id uuid, p_payload jsonb, p_state jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_tenant uuid := (SELECT job.tenant_id FROM jobs.job AS job WHERE job.job_id = p_job_id);
    v_left uuid[];
    v_done jsonb;
    v_sums jsonb := coalesce(p_state -> 'done', '{"evaluated": 0, "qualified": 0, "disqualified": 0, "manual_review": 0, "no_rule": 0, "failed": 0}');
    v_total integer;
BEGIN
    IF p_state -> 'left' IS NULL THEN
        SELECT array_agg(ass.assessment_id ORDER BY ass.assessment_id) INTO v_left
        FROM trade.assessments AS ass
        -- without a company there is nothing to judge: who submits a job without one may be anybody
        WHERE ass.tenant_id = v_tenant
            AND CASE WHEN p_payload ? 'assessment_id' THEN ass.assessment_id = (p_payload ->> 'assessment_id')::uuid
            ELSE ass.status = 'pending'
                AND ass.product_hs = trade.hs_normalise(p_payload ->> 'hs_code')
                AND ass.export_country = p_payload ->> 'origin_country'
                AND ass.import_country = p_payload ->> 'destination_country'
                AND (SELECT fnd.rule_id FROM trade.found_rules(ARRAY[ass.assessment_id]) AS fnd) = p_payload ->> 'rule_id' END;
    ELSE
        SELECT array_agg(item.id::uuid) INTO v_left FROM jsonb_array_elements_text(p_state -> 'left') AS item (id);
    END IF;
    v_total := coalesce((p_state ->> 'total')::integer, cardinality(v_left), 0);
    SELECT to_jsonb(eva) INTO v_done FROM trade.evaluate_assessments(coalesce(v_left[:500], '{}')) AS eva;
    SELECT jsonb_object_agg(item.key, (v_sums ->> item.key)::bigint + item.value::text::bigint) INTO v_sums FROM jsonb_each(v_done) AS item;
    IF coalesce(cardinality(v_left), 0) <= 500 THEN
        RETURN jsonb_build_object('result', v_sums);
    END IF;
    RETURN jsonb_build_object(
        'state', jsonb_build_object('left', to_jsonb(v_left[501:]), 'total', v_total, 'done', v_sums),
        'progress', 100 - 100 * (cardinality(v_left) - 500) / v_total
    );
END;
$$;

COMMENT ON FUNCTION trade.run_assessment_job IS
'Payload: assessment_id, or rule_id, hs_code, origin_country and destination_country of assessments that are pending. 500 a step. The result counts what came of them.';

REVOKE ALL ON FUNCTION trade.run_assessment_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.run_assessment_job TO tidemark_operator;
