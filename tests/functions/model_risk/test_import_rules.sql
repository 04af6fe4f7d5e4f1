-- model_risk.number_or_null(), threshold_outcome(), lob_code(): what an import makes of a cell.
BEGIN;
SELECT plan(43);

-- numbers as people write them, and what double precision cannot hold
SELECT is(model_risk.number_or_null(given.cell), given.expected::double precision, format('%s is a number', given.cell))
FROM (VALUES
    ('0', 0), ('0.85', 0.85), ('+1', 1), ('-1.', -1), ('.5', 0.5), ('1e3', 1000), ('2E-2', 0.02), ('0.0', 0),
    ('1.7976931348623157e308', 1.7976931348623157e308), ('-1.7976931348623157e308', -1.7976931348623157e308),
    ('5e-324', 5e-324), ('-5e-324', -5e-324), ('4e-324', 0), ('-1e-999', 0)
) AS given (cell, expected);
SELECT is(model_risk.number_or_null(given.cell), NULL, format('"%s" is none', given.cell))
FROM unnest(ARRAY['', ' 1', 'nan', 'inf', '-infinity', '1_000', '1,5', '.', 'e3', '1e', '0x10', '1e10000', '1.8e308', '-1.8e308']) AS given (cell);
SELECT is(model_risk.number_or_null(NULL), NULL, 'No cell, no number');
SELECT is(model_risk.number_or_null(repeat('0', 999) || '7'), 7::double precision, 'A thousand characters can be a number');
SELECT is(model_risk.number_or_null(repeat('0', 1000) || '7'), NULL, 'One more cannot');

-- a bound is inside, a missing bound never fires, and red goes before yellow
SELECT is(model_risk.threshold_outcome(NULL, 1, 2, 0, 3), NULL, 'No value, no outcome');
SELECT is(model_risk.threshold_outcome(1, NULL, NULL, NULL, NULL), 'UNCONFIGURED', 'No bound at all');
SELECT is(
    array_agg(model_risk.threshold_outcome(given.value, 1, 2, 0, 3) ORDER BY given.value),
    ARRAY['RED', 'YELLOW', 'YELLOW', 'GREEN', 'GREEN', 'GREEN', 'YELLOW', 'YELLOW', 'RED'], 'From below red to above red'
) FROM unnest(ARRAY[-0.1, 0, 0.9, 1, 1.5, 2, 2.1, 3, 3.1]::double precision[]) AS given (value);
SELECT is(
    array_agg(model_risk.threshold_outcome(given.value, given.y_min, given.y_max, given.r_min, given.r_max) ORDER BY given.no),
    ARRAY['YELLOW', 'GREEN', 'YELLOW', 'GREEN', 'RED', 'GREEN', 'RED', 'GREEN'], 'Each bound fires alone, to its side'
) FROM (VALUES
    (1, 0, 1, NULL, NULL, NULL), (2, 9, 1, NULL, NULL, NULL), (3, 9, NULL, 1, NULL, NULL), (4, 0, NULL, 1, NULL, NULL),
    (5, 0, NULL, NULL, 1, NULL), (6, 9, NULL, NULL, 1, NULL), (7, 9, NULL, NULL, NULL, 1), (8, 0, NULL, NULL, NULL, 1)
) AS given (no, value, y_min, y_max, r_min, r_max);
SELECT is(model_risk.threshold_outcome(-1, 0, NULL, 0, NULL), 'RED', 'Red where both are crossed');

-- codes of units
SELECT is(model_risk.lob_code('Retail & Co_1'), 'RETAILCO_1', 'Letters, digits and underscores in upper case');
SELECT is(length(model_risk.lob_code(repeat('a', 60))), 50, 'The first fifty');
SELECT is(model_risk.lob_code('&!'), '', 'Nothing may be left');

-- 29 of 32 is 90.625: to even
SELECT is(
    (model_risk.coverage_percentage(29, 32), model_risk.coverage_percentage(3, 32), model_risk.coverage_percentage(1, 3)), (90.62, 9.38, 33.33),
    'Half goes to the even digit'
);
SELECT is(model_risk.coverage_percentage(0, 0), 0.00, 'Nothing of nothing');
SELECT is(model_risk.coverage_percentage(1, 32), 3.12, '3.125 to even');
SELECT is(model_risk.coverage_percentage(1, 1), 100.00, 'All of it');

SELECT * FROM finish();
ROLLBACK;
