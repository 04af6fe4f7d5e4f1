-- load.*_cell(): how cells are read.
BEGIN;
SELECT plan(7);
SET LOCAL timezone = 'America/New_York';

CREATE TEMPORARY TABLE numbers (cell text, money numeric, whole integer, reason text);
INSERT INTO numbers VALUES
('5', 5, 5, NULL), (' 5. ', 5, 5, NULL), ('.5', 0.5, NULL, 'bad_integer'), ('1e2', 100, 100, NULL), ('2.0', 2, 2, NULL),
('10.005', 10.01, NULL, 'bad_integer'), ('-1.005', -1.01, NULL, 'bad_integer'), ('-0', 0, 0, NULL), ('+7', 7, 7, NULL),
('', NULL, NULL, NULL), ('N/A', NULL, NULL, NULL), ('NaN', NULL, NULL, NULL), ('nUlL', NULL, NULL, NULL),
('1,234', NULL, NULL, 'bad_number'), ('1_000', NULL, NULL, 'bad_number'), ('$5', NULL, NULL, 'bad_number'),
('Infinity', NULL, NULL, 'bad_number'), ('0x1F', NULL, NULL, 'bad_number'), ('１２', NULL, NULL, 'bad_number'), ('1e99999', NULL, NULL, 'bad_number'),
('3000000000', 3000000000, NULL, 'out_of_range'), ('999999999999.99', 999999999999.99, NULL, 'bad_integer'),
('1e9999', NULL, NULL, 'out_of_range'), (repeat('9', 200000), NULL, NULL, 'out_of_range');
SELECT is_empty(
    $$SELECT cell FROM numbers WHERE (money, whole, reason) IS DISTINCT FROM
        (load_internal.money_cell(cell), load_internal.integer_cell(cell), load_internal.cell_reason('int', cell))$$,
    'Numbers are read as money and as int, with the reason when they are no int'
);
SELECT is(
    ARRAY[load_internal.cell_reason('money', '999999999999.995'), load_internal.cell_reason('money', '-1e12'), load_internal.cell_reason('money', '999999999999.994')],
    ARRAY['out_of_range', 'out_of_range', NULL], 'Money ends below ten to the twelfth, after rounding'
);

CREATE TEMPORARY TABLE times (cell text, instant timestamptz, reason text);
INSERT INTO times VALUES
('2025-01-15', '2025-01-15T00:00Z', NULL), ('2025/1/5 1:05', '2025-01-05T01:05Z', NULL), ('13/1/2025', '2025-01-13T00:00Z', NULL),
('1/13/2025', '2025-01-13T00:00Z', NULL), ('2/3/2025', '2025-02-03T00:00Z', NULL), ('2024-02-29', '2024-02-29T00:00Z', NULL),
('2025-01-15 10:30:00 -0500', '2025-01-15T15:30Z', NULL), ('2025-01-15t10:30+14', '2025-01-14T20:30Z', NULL),
('2025-01-15T10:30:00.1234565Z', '2025-01-15T10:30:00.123457Z', NULL), ('2025-01-15  10:30 UTC', '2025-01-15T10:30Z', NULL),
('0000-00-00', NULL, NULL), ('1900-01-01', NULL, NULL), ('none', NULL, NULL), ('1900-01-01 00:00', '1900-01-01T00:00Z', NULL),
('2025-02-29', NULL, 'bad_datetime'), ('2025-13-01', NULL, 'bad_datetime'), ('13/13/2025', NULL, 'bad_datetime'), ('2025-1/5', NULL, 'bad_datetime'),
('2025-01-15 24:00', NULL, 'bad_datetime'), ('2025-01-15 10:60', NULL, 'bad_datetime'), ('2025-01-15 10:30+15:00', NULL, 'bad_datetime'),
('2025-01-15 10:30 GMT', NULL, 'bad_datetime'), ('2025-01-15Z', NULL, 'bad_datetime'), ('15 Jan 2025', NULL, 'bad_datetime'),
('0000-05-05', NULL, 'bad_datetime'), ('1736899200', NULL, 'bad_datetime'), ('10:30 AM', NULL, 'bad_datetime');
SELECT is_empty(
    $$SELECT cell FROM times WHERE (instant, reason) IS DISTINCT FROM (load_internal.timestamp_cell(cell), load_internal.cell_reason('ts', cell))$$,
    'Times are read as UTC whatever the zone of the session'
);
SELECT is(
    ARRAY[load_internal.text_cell(U&' \00A0x y\FEFF '), load_internal.text_cell('Null'), load_internal.text_cell(' NULL '), load_internal.id_cell(repeat('é', 255)), load_internal.id_cell(repeat('é', 256))],
    ARRAY['x y', 'Null', NULL, repeat('é', 255), NULL], 'Texts are trimmed; identifiers end at 255 characters'
);
SELECT is(
    ARRAY[load_internal.boolean_cell('YES'), load_internal.boolean_cell(' n '), load_internal.boolean_cell('1'), load_internal.boolean_cell('2'), load_internal.boolean_cell('')],
    ARRAY[TRUE, FALSE, TRUE, NULL, NULL], 'Truth values'
);
CREATE TEMPORARY TABLE spelled AS
SELECT format('2023-%s-%sT%s:%s:%sZ', mon.n, dom.n, hou.n, mnt.n, sec.n) AS cell
FROM (SELECT to_char(num.n, 'FM00') FROM generate_series(0, 13) AS num (n)) AS mon (n)
CROSS JOIN (SELECT to_char(num.n, 'FM00') FROM generate_series(0, 32) AS num (n)) AS dom (n)
CROSS JOIN (VALUES ('00'), ('23'), ('24'), ('-1')) AS hou (n)
CROSS JOIN (VALUES ('00'), ('59'), ('60'), (':0')) AS mnt (n)
CROSS JOIN (VALUES ('00'), ('59'), ('60'), ('T5')) AS sec (n);
INSERT INTO spelled VALUES
('0001-01-01T00:00:00Z'), ('2023-1-011T00:00:00Z'), ('2023-01-01 00:00:00Z'), ('2023-01-01T00:00:00z'), ('２023-01-01T00:00:00'), ('');
SELECT is_empty(
    $$SELECT spl.cell FROM spelled AS spl
    WHERE CASE WHEN load_internal.is_plain_time(spl.cell) THEN load_internal.timestamp_cell(spl.cell) IS DISTINCT FROM spl.cell::timestamptz END$$,
    'A plain time is a time, and a cast reads it the same way'
);
SELECT is(
    (
        SELECT count(*) FROM generate_series(timestamp '2023-01-01', '2023-12-31 23:59:59', interval '1 day 61 seconds') AS day (at)
        WHERE NOT load_internal.is_plain_time(to_char(day.at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
    ), 0::bigint, 'All days of an ordinary year are plain'
);

SELECT * FROM finish();
ROLLBACK;
