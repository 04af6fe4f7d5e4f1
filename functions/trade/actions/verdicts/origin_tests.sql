-- trade.origin_tests()
-- The tests of the alternatives for some assessments, each decided or not.
-- requires: trade.origin_measures(), trade.psra_rule_tests, trade.price_basis(), trade.tolerance_amount(), trade.missing_operations()
-- requires: trade.ctc_result(), trade.ctc_uses_tolerance(), trade.maxnom_result(), trade.rvc_result(), trade.rvc_content(), trade.lines_result()
-- requires: trade.test_reason_code(), trade.test_reason_severity(), trade.test_name(), trade.percent_text()
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE FUNCTION trade.origin_tests(p_assessment_ids uuid[], p_rule_ids text[])
RETURNS TABLE (
    assessment_id uuid,
    alternative_no integer,
    alternative_label text,
    test_no integer,
    kind text,
    result boolean,
    uses_tolerance boolean,
    is_close boolean,
    uses_partners boolean,
    has_unknown_lines boolean,
    code text,
    severity text,
    description text
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH seen AS MATERIALIZED (
        SELECT
            mea.*,
            tst.alternative_label,
            tst.kind,
            tst.ctc_level,
            tst.percent,
            tst.method,
            ass.ex_works_price,
            trade.price_basis(tst.basis, tst.method, ass.ex_works_price, ass.fob_price, ass.net_cost) AS price,
            trade.tolerance_amount(
                agr.de_minimis_percent, agr.de_minimis_excluded_chapters, ass.product_hs, ass.ex_works_price
            ) AS tolerance,
            CASE WHEN tst.kind = 'PROCESS' THEN trade.missing_operations(
                ass.assessment_id, tst.operations, ass.export_country, agr.parties, agr.cumulation, ass.effective_date
            ) END AS missing
        FROM trade.origin_measures(p_assessment_ids, p_rule_ids) AS mea
        INNER JOIN trade.psra_rule_tests AS tst
            ON mea.rule_id = tst.rule_id AND mea.alternative_no = tst.alternative_no AND mea.test_no = tst.test_no
        INNER JOIN trade.assessments AS ass ON mea.assessment_id = ass.assessment_id
        INNER JOIN trade.agreements AS agr ON ass.agreement_code = agr.code
    )

    SELECT
        sen.assessment_id,
        sen.alternative_no,
        sen.alternative_label,
        sen.test_no,
        sen.kind,
        own.result,
        sen.kind = 'CTC' AND trade.ctc_uses_tolerance(sen.n_hi, sen.v_hi, sen.tolerance),
        coalesce(own.result AND CASE sen.kind
            WHEN 'MAXNOM' THEN sen.percent - sen.hi * 100 / sen.price < 2
            WHEN 'RVC' THEN trade.rvc_content(sen.method, FALSE, sen.vo, sen.vn, sen.vu, sen.price) - sen.percent < 2
        END, FALSE),
        sen.uses_partners AND sen.kind IN ('CTC', 'MAXNOM', 'RVC', 'PE'),
        sen.unknown_lines > 0,
        trade.test_reason_code(sen.kind, own.result),
        trade.test_reason_severity(sen.kind, own.result),
        format('alternative %s: %s', sen.alternative_no, CASE
            WHEN own.result IS NULL THEN format('%s cannot be decided from the data given', trade.test_name(sen.kind))
            ELSE CASE sen.kind
                WHEN 'CTC' THEN format('%s not met by %s material(s) worth %s%% of ex-works price', sen.ctc_level, sen.n_lo,
                    CASE WHEN sen.ex_works_price > 0 THEN trade.percent_text(sen.v_lo * 100 / sen.ex_works_price) ELSE 'unknown' END)
                WHEN 'MAXNOM' THEN format('non-originating share %s%% exceeds %s%%',
                    trade.percent_text(sen.lo * 100 / sen.price), trade.percent_text(sen.percent))
                WHEN 'RVC' THEN format('regional value content %s%% below %s%%',
                    trade.percent_text(trade.rvc_content(sen.method, TRUE, sen.vo, sen.vn, sen.vu, sen.price)), trade.percent_text(sen.percent))
                WHEN 'PROCESS' THEN format('missing operations %s', array_to_string(sen.missing, ', '))
                WHEN 'WO' THEN format('%s material(s) not obtained in the exporting party', sen.not_of_exporter)
                ELSE format('%s material(s) not originating', sen.not_originating)
            END
        END)
    FROM seen AS sen
    CROSS JOIN LATERAL (
        SELECT CASE sen.kind
            WHEN 'CTC' THEN trade.ctc_result(sen.n_hi, sen.v_hi, sen.n_lo, sen.v_lo, sen.tolerance)
            WHEN 'MAXNOM' THEN trade.maxnom_result(sen.lo, sen.hi, sen.percent, sen.price)
            WHEN 'RVC' THEN trade.rvc_result(sen.method, sen.vo, sen.vn, sen.vu, sen.percent, sen.price)
            WHEN 'PROCESS' THEN sen.missing = '{}'
            WHEN 'WO' THEN trade.lines_result(sen.not_of_exporter, sen.unknown_lines)
            ELSE trade.lines_result(sen.not_originating, sen.unknown_lines)
        END AS result
    ) AS own;
END;

COMMENT ON FUNCTION trade.origin_tests IS
'result NULL: it cannot be decided. The reason is the one that counts if the verdict is no. No row where the exporting country belongs to no party.';

REVOKE ALL ON FUNCTION trade.origin_tests FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.origin_tests TO tidemark_app, tidemark_operator;
