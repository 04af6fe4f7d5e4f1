-- Rules of trade: each edge and each NULL that can occur.
BEGIN;
SELECT plan(25);

SELECT results_eq(
    $$ SELECT trade.hs_normalise(raw) FROM (VALUES
        (1, '12-34.56'), (2, '12345678'), (3, 'abc'), (4, ' 12 '), (5, 'HS 3901.10'), (6, '٣٩'), (7, NULL)) AS cas (n, raw) ORDER BY n $$,
    $$ VALUES ('123456'), ('123456'), (''), ('12'), ('390110'), (''), (NULL) $$,
    'A code is its ASCII digits, six at most'
);
SELECT results_eq(
    $$ SELECT trade.hs_parts(raw) FROM (VALUES (1, 'aBc'), (2, 'ab'), (3, 'abcab'), (4, ''), (5, 'AAAA'), (6, NULL)) AS cas (n, raw) ORDER BY n $$,
    $$ VALUES ('{abc}'::text[]), ('{}'), ('{abc,bca,cab}'), ('{}'), ('{aaa}'), ('{}') $$,
    'Runs of three characters, each once, in small letters'
);
SELECT results_eq(
    $$ SELECT trade.hs_item_error(code, description) FROM (VALUES
        (1, '01', 'x'), (2, '0101', 'x'), (3, '010121', 'x'), (4, '', 'x'), (5, '0', 'x'), (6, '010', 'x'), (7, '01012100', 'x'), (8, NULL, 'x'),
        (9, '01', ' '), (10, '01', NULL), (11, '1', ' '), (12, '0x', 'x')) AS cas (n, code, description) ORDER BY n $$,
    $$ VALUES (NULL), (NULL), (NULL), ('INVALID_CODE'), ('INVALID_CODE'), ('INVALID_CODE'), ('INVALID_CODE'), ('INVALID_CODE'),
        ('EMPTY_DESCRIPTION'), ('EMPTY_DESCRIPTION'), ('INVALID_CODE'), ('INVALID_CODE') $$,
    'An imported code has two, four or six digits and a text'
);
SELECT results_eq(
    $$ SELECT trade.country_code(code), trade.country_codes(ARRAY[code, 'X']) FROM (VALUES (1, 'UK'), (2, 'EL'), (3, 'DE'), (4, NULL)) AS cas (n, code) ORDER BY n $$,
    $$ VALUES ('GB', '{GB,X}'::text[]), ('GR', '{GR,X}'), ('DE', '{DE,X}'), (NULL, '{NULL,X}') $$,
    'Countries are written as ISO has them'
);
SELECT results_eq(
    $$ SELECT trade.is_in_force('2025-01-10', last_day, as_of) FROM (VALUES
        (1, '2025-01-20'::date, '2025-01-09'::date), (2, '2025-01-20', '2025-01-10'), (3, '2025-01-20', '2025-01-20'), (4, '2025-01-20', '2025-01-21'),
        (5, NULL, '2999-01-01'), (6, NULL, '2025-01-09')) AS cas (n, last_day, as_of) ORDER BY n $$,
    $$ VALUES (FALSE), (TRUE), (TRUE), (FALSE), (TRUE), (FALSE) $$,
    'Both ends belong to a period'
);
SELECT results_eq(
    $$ SELECT trade.rule_state('2025-01-10', last_day, superseded, as_of) FROM (VALUES
        (1, '2025-01-20'::date, TRUE, '2025-01-09'::date), (2, '2025-01-20', FALSE, '2025-01-10'), (3, '2025-01-20', TRUE, '2025-01-20'),
        (4, '2025-01-20', TRUE, '2025-01-21'), (5, NULL, FALSE, '2999-01-01')) AS cas (n, last_day, superseded, as_of) ORDER BY n $$,
    $$ VALUES ('upcoming'), ('active'), ('superseded'), ('expired'), ('active') $$,
    'A rule is upcoming, expired, superseded or active, in this order'
);
SELECT results_eq(
    $$ SELECT trade.agreement_state('2025-01-10', last_day, as_of) FROM (VALUES
        (1, '2025-01-20'::date, '2025-01-09'::date), (2, '2025-01-20', '2025-01-10'), (3, '2025-01-20', '2025-01-20'), (4, '2025-01-20', '2025-01-21'),
        (5, NULL, '2999-01-01')) AS cas (n, last_day, as_of) ORDER BY n $$,
    $$ VALUES ('upcoming'), ('active'), ('active'), ('expired'), ('active') $$,
    'So is an agreement'
);
SELECT results_eq(
    $$ SELECT trade.tenant_state(status, ends, '2025-06-30 12:00+00'), trade.tenant_next_change_at(status, ends, '2025-06-30 12:00+00') FROM (VALUES
        (1, 'trial', '2025-06-30 12:00+00'::timestamptz), (2, 'trial', '2025-06-30 12:00:01+00'), (3, 'trial', NULL), (4, 'active', '2025-01-01 00:00+00'))
        AS cas (n, status, ends) ORDER BY n $$,
    $$ VALUES ('trial_expired', NULL::timestamptz), ('trial', '2025-06-30 12:00:01+00'), ('trial', NULL), ('active', NULL) $$,
    'A trial is over at its instant'
);
SELECT results_eq(
    $$ SELECT trade.percent_text(x) FROM (VALUES (1, 0.005), (2, 0.004), (3, 12.345), (4, 100), (5, -0.005), (6, NULL)) AS cas (n, x) ORDER BY n $$,
    $$ VALUES ('0.01'), ('0.00'), ('12.35'), ('100.00'), ('-0.01'), (NULL) $$,
    'Percentages have two decimals, halves away from zero'
);
SELECT results_eq(
    $$ SELECT trade.share_of(a, b) FROM (VALUES (1, 1, 3), (2, 1, 0), (3, 0, 5), (4, 2, 3)) AS cas (n, a, b) ORDER BY n $$,
    $$ VALUES (0.3333), (NULL), (0.0000), (0.6667) $$,
    'A share has four decimals; of nothing there is none'
);
SELECT results_eq(
    $$ SELECT trade.is_low_confidence(status, c), trade.confidence_level(c) FROM (VALUES
        (1, 'qualified', 0.7), (2, 'qualified', 0.6999), (3, 'disqualified', 0), (4, 'manual_review', 0.5), (5, 'qualified', 0.9), (6, 'qualified', 0.3),
        (7, 'qualified', 0.2999)) AS cas (n, status, c) ORDER BY n $$,
    $$ VALUES (FALSE, 'high'), (TRUE, 'medium'), (FALSE, 'very low'), (TRUE, 'medium'), (FALSE, 'very high'), (TRUE, 'low'), (TRUE, 'very low') $$,
    'Confidence below 0.7 deserves a look, unless it disqualifies'
);
SELECT results_eq(
    $$ SELECT trade.exceeds(a, b) FROM (VALUES (1, 10.0000011, 10), (2, 10.000001, 10), (3, 10, NULL), (4, NULL, 10)) AS cas (n, a, b) ORDER BY n $$,
    $$ VALUES (TRUE), (FALSE), (NULL), (NULL) $$,
    'Declared percentages have a slack; without a limit there is no check'
);
SELECT results_eq(
    $$ SELECT trade.cumulation_zone(kind, '{A,B}', '{C}', 'A') FROM (VALUES (1, 'none'), (2, 'bilateral'), (3, 'full'), (4, 'diagonal')) AS cas (n, kind) ORDER BY n $$,
    $$ VALUES ('{A}'::text[]), ('{A,B}'), ('{A,B}'), ('{A,B,C}') $$,
    'Cumulation says whose materials count'
);
SELECT results_eq(
    $$ SELECT trade.line_status(flag, party) FROM (VALUES
        (1, TRUE, 'A'), (2, TRUE, NULL), (3, FALSE, 'A'), (4, FALSE, NULL), (5, NULL, 'A'), (6, NULL, NULL)) AS cas (n, flag, party) ORDER BY n $$,
    $$ VALUES ('O'), ('N'), ('N'), ('N'), ('U'), ('N') $$,
    'A material originates, does not, or nobody knows'
);
SELECT results_eq(
    $$ SELECT trade.hs_in_scope(code, '{3901,39021}') FROM (VALUES (1, '390110'), (2, '3901'), (3, '390'), (4, '3902'), (5, '390220'), (6, '40')) AS cas (n, code) ORDER BY n $$,
    $$ VALUES (TRUE), (TRUE), (NULL), (NULL), (FALSE), (FALSE) $$,
    'A code that is too short may lie under a prefix'
);
SELECT results_eq(
    $$ SELECT trade.has_changed(code, '390110', level, CASE WHEN excluded = '{}' THEN FALSE ELSE trade.hs_in_scope(code, excluded) END) FROM (VALUES
        (1, '390120', 'CC', '{}'::text[]), (2, '400110', 'CC', '{}'), (3, '390220', 'CTH', '{}'), (4, '390120', 'CTH', '{}'), (5, '390110', 'CTSH', '{}'),
        (6, '390120', 'CTSH', '{}'), (7, '3901', 'CTSH', '{}'), (8, '3902', 'CTSH', '{}'), (9, '400110', 'CC', '{4001}'), (10, '4001', 'CC', '{400110}'),
        (11, '39011000', 'CTSH', '{}'), (12, '3901', 'CTSH', '{3901}')) AS cas (n, code, level, excluded) ORDER BY n $$,
    $$ VALUES (FALSE), (TRUE), (TRUE), (FALSE), (FALSE), (TRUE), (NULL), (TRUE), (FALSE), (NULL), (FALSE), (FALSE) $$,
    'A tariff shift is a change of chapter, heading or subheading, of what is not excluded'
);
SELECT results_eq(
    $$ SELECT trade.price_basis(basis, method, 1, 2, 3), trade.price_basis(basis, method, 0, -1, NULL) FROM (VALUES
        (1, 'EXW', NULL), (2, 'FOB', 'build-down'), (3, 'NC', NULL), (4, 'EXW', 'net-cost'), (5, NULL, 'build-up')) AS cas (n, basis, method) ORDER BY n $$,
    $$ VALUES (1::numeric, NULL::numeric), (2, NULL), (3, NULL), (3, NULL), (1, NULL) $$,
    'A price of zero or less is missing'
);
SELECT results_eq(
    $$ SELECT trade.tolerance_amount(percent, '{50}', hs, price) FROM (VALUES
        (1, 10.0, '390110', 200.0), (2, 10, '500110', 200), (3, NULL, '390110', 200), (4, 0, '390110', NULL), (5, 10, '390110', NULL), (6, 10, '390110', 0),
        (7, 10, '500110', NULL)) AS cas (n, percent, hs, price) ORDER BY n $$,
    $$ VALUES (20.0), (0), (0), (0), (NULL), (NULL), (0) $$,
    'Tolerance is a share of the ex-works price, and unknown without it'
);
SELECT results_eq(
    $$ SELECT trade.ctc_result(n_hi, v_hi, n_lo, v_lo, tol), trade.ctc_uses_tolerance(n_hi, v_hi, tol) FROM (VALUES
        (1, 0, 0.0, 0, 0.0, NULL::numeric), (2, 1, 10, 1, 10, 10), (3, 1, 10.01, 1, 10.01, 10), (4, 1, 5, 1, 5, 0), (5, 1, 5, 1, 5, NULL), (6, 2, 20, 1, 5, 10),
        (7, 1, 0, 1, 0, 0), (8, 1, 20, 0, 0, 10), (9, 1, 20, 0, 0, 0)) AS cas (n, n_hi, v_hi, n_lo, v_lo, tol) ORDER BY n $$,
    $$ VALUES (TRUE, FALSE), (TRUE, TRUE), (FALSE, FALSE), (FALSE, FALSE), (NULL, FALSE), (NULL, FALSE), (FALSE, FALSE), (NULL, FALSE), (NULL, FALSE) $$,
    'A missed shift within the tolerance is excused'
);
SELECT results_eq(
    $$ SELECT trade.maxnom_result(lo, hi, 40, price) FROM (VALUES
        (1, 40.0, 40.0, 100.0), (2, 40.01, 40.01, 100), (3, 10, 50, 100), (4, 0, 0, NULL), (5, 0, 1, NULL), (6, 0, 40.01, 100)) AS cas (n, lo, hi, price) ORDER BY n $$,
    $$ VALUES (TRUE), (FALSE), (NULL), (TRUE), (NULL), (NULL) $$,
    'Non-originating value stays within its share'
);
SELECT results_eq(
    $$ SELECT trade.rvc_result(method, vo, vn, vu, 50, price), trade.rvc_content(method, FALSE, vo, vn, vu, price), trade.rvc_content(method, TRUE, vo, vn, vu, price)
        FROM (VALUES (1, 'build-up', 50.0, 0.0, 0.0, 100.0), (2, 'build-up', 40, 0, 10, 100), (3, 'build-up', 40, 0, 9, 100), (4, 'build-down', 0, 50, 0, 100),
        (5, 'build-down', 0, 50, 1, 100), (6, 'net-cost', 0, 51, 0, 100), (7, 'build-up', 1, 1, 1, NULL)) AS cas (n, method, vo, vn, vu, price) ORDER BY n $$,
    $$ VALUES (TRUE, 50.0, 50.0), (NULL, 40.0, 50.0), (FALSE, 40.0, 49.0), (TRUE, 50.0, 50.0), (NULL, 49.0, 50.0), (FALSE, 49.0, 49.0), (NULL, NULL, NULL) $$,
    'Regional value content is built up or down'
);
SELECT results_eq(
    $$ SELECT trade.lines_result(f, u), trade.all_hold(f > 0, u > 0), trade.any_holds(f > 0, u > 0) FROM (VALUES (1, 1, 1), (2, 0, 1), (3, 0, 0), (4, 1, 0)) AS cas (n, f, u) ORDER BY n $$,
    $$ VALUES (FALSE, FALSE, TRUE), (NULL, NULL, NULL), (TRUE, TRUE, FALSE), (FALSE, FALSE, TRUE) $$,
    'False wins in all, true wins in any, undecided is between'
);
SELECT results_eq(
    $$ SELECT trade.verdict_status(f, o), trade.verdict_confidence(trade.verdict_status(f, o), 0.85) FROM (VALUES
        (1, 0, TRUE), (2, 0, NULL), (3, 0, FALSE), (4, 1, TRUE), (5, 1, NULL), (6, 1, FALSE)) AS cas (n, f, o) ORDER BY n $$,
    $$ VALUES ('qualified', 0.85), ('manual_review', 0.5), ('disqualified', 0), ('disqualified', 0), ('disqualified', 0), ('disqualified', 0) $$,
    'A failure disqualifies, doubt wants a person'
);
SELECT results_eq(
    $$ SELECT trade.ltsd_effective_status('active', '2025-01-01', '2025-06-30', d), trade.ltsd_expiry_band(trade.ltsd_days_left('active', '2025-01-01', '2025-06-30', d)),
        trade.ltsd_next_change_on('active', '2025-01-01', '2025-06-30', d)
        FROM unnest('{2024-12-31,2025-01-01,2025-03-31,2025-04-01,2025-04-30,2025-05-01,2025-05-30,2025-05-31,2025-06-30,2025-07-01}'::date[]) AS d ORDER BY d $$,
    $$ VALUES ('not_yet_valid', 'none', '2025-01-01'::date), ('active', 'none', '2025-04-01'), ('active', 'none', '2025-04-01'), ('active', 'd90', '2025-05-01'),
        ('active', 'd90', '2025-05-01'), ('active', 'd60', '2025-05-31'), ('active', 'd60', '2025-05-31'), ('active', 'd30', '2025-07-01'),
        ('active', 'd30', '2025-07-01'), ('expired', 'none', NULL) $$,
    'A declaration holds until its last day, and tells when its end comes near'
);

INSERT INTO trade.agreements (code, name, agreement_type, parties, effective_date, expiry_date, cumulation) VALUES
    ('AA', 'a', 'customs_union', '{EU,GB}', '2025-07-01', '2026-01-01', 'none'), ('BB', 'b', 'customs_union', '{EU,GB}', '2025-06-30', '2025-07-01', 'none'),
    ('CC', 'c', 'customs_union', '{EU,GB}', '2025-01-01', NULL, 'none'), ('DD', 'd', 'customs_union', '{EU,GB}', '2025-01-01', '2025-06-29', 'none');
SELECT results_eq(
    $$ SELECT agreement_code::text COLLATE "default", state, next_transition FROM trade.agreement_states ORDER BY agreement_code $$,
    $$ VALUES ('AA', 'upcoming', '2025-07-01'::date), ('BB', 'active', '2025-07-02'), ('CC', 'active', NULL), ('DD', 'expired', NULL) $$,
    'An agreement tells when it changes'
);

SELECT * FROM finish();
ROLLBACK;
