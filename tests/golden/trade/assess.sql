-- Verdicts, their tests and their digests; docs/golden.md explains the notes.

-- name: assess/expected_rule_tests.csv
-- key: rule_id, alternative_no, test_no
SELECT
    tst.rule_id::text,
    tst.alternative_no,
    tst.alternative_label,
    tst.test_no,
    tst.kind,
    tst.ctc_level,
    tst.percent,
    tst.basis,
    tst.method,
    tst.hs_scope::text,
    tst.operations::text
FROM trade.psra_rule_tests AS tst;

-- name: assess/expected_test_results.csv
-- key: assessment_id, alternative_no, test_no
SELECT
    tst.assessment_id::text,
    tst.alternative_no,
    tst.test_no,
    tst.kind,
    tst.result,
    tst.uses_tolerance AS tolerance_used
FROM (
    SELECT
        array_agg(ver.evaluation_id) AS ids,
        array_agg(ver.rule_id::text) AS rules
    FROM trade.psra_verdicts AS ver
) AS own
CROSS JOIN LATERAL trade.origin_tests(own.ids, own.rules) AS tst;

-- name: assess/expected_verdicts.csv
-- key: assessment_id
SELECT
    ass.assessment_id::text,
    exp.source,
    CASE WHEN ver.evaluation_id IS NOT NULL THEN 'verdict' WHEN ass.error = 'NO_APPLICABLE_RULE' THEN 'no_rule' ELSE 'error' END AS outcome,
    ass.rule_id::text,
    ver.status::text,
    ver.confidence,
    -- key order and spaces play no part in JSON: the expected text where it says the same
    CASE WHEN ver.reasons = exp.reasons::jsonb THEN exp.reasons ELSE ver.reasons::text END AS reasons,
    CASE WHEN ver.citations = exp.citations::jsonb THEN exp.citations ELSE ver.citations::text END AS citations,
    ver.notes,
    ver.lineage_required,
    ver.ledger_reference::text,
    ass.status AS assessment_status,
    ass.error,
    trade.case_hash(cas.case_text) AS input_hash
FROM trade.assessments AS ass
LEFT JOIN trade.psra_verdicts AS ver ON ass.assessment_id = ver.evaluation_id
LEFT JOIN expected_verdicts AS exp ON ass.assessment_id::text = exp.assessment_id
CROSS JOIN LATERAL trade.case_texts(ARRAY[ass.assessment_id]) AS cas;
