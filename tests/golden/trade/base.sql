-- What the base tells of rules and companies; docs/golden.md explains the notes.

-- name: base/expected_rule_tests.csv
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

-- name: base/expected_tenant_status.csv
-- key: as_of, tenant_id
SELECT
    day.as_of::timestamptz AS as_of,
    sta.tenant_id::text,
    sta.effective_status,
    sta.next_transition
FROM (SELECT DISTINCT as_of FROM expected_tenant_status) AS day
CROSS JOIN LATERAL trade.tenant_status_at(day.as_of::timestamptz) AS sta;
