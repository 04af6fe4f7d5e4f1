-- load_internal.is_plain_time()
-- Whether a cell is a time in the spelling that most systems export, so that a cast reads it and cannot fail.
-- requires: nothing
-- source:   docs/loading.md, "Cells"

-- No regular expression: its automaton is built anew for every cell, one state a character. Looking two digits up in a
-- list is several times faster.
CREATE OR REPLACE FUNCTION load_internal.is_plain_time(cell text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN octet_length(cell) = 20
AND cell LIKE '____-__-__T__:__:__Z'
AND substr(cell, 1, 2) IN ('19', '20')
AND substr(cell COLLATE "C", 3, 2) = ANY (
    '{00,01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,'
    '30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,'
    '60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,'
    '90,91,92,93,94,95,96,97,98,99}'::text[]
)
AND substr(cell COLLATE "C", 6, 2) = ANY ('{01,02,03,04,05,06,07,08,09,10,11,12}'::text[])
AND (
    substr(cell COLLATE "C", 9, 2) = ANY ('{01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28}'::text[])
    OR (substr(cell, 9, 2) IN ('29', '30') AND substr(cell, 6, 2) <> '02')
    OR (substr(cell, 9, 2) = '31' AND substr(cell, 6, 2) NOT IN ('02', '04', '06', '09', '11'))
)
AND substr(cell COLLATE "C", 12, 2) = ANY ('{00,01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,20,21,22,23}'::text[])
AND substr(cell COLLATE "C", 15, 2) = ANY (
    '{00,01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,'
    '30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59}'::text[]
)
AND substr(cell COLLATE "C", 18, 2) = ANY (
    '{00,01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,'
    '30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59}'::text[]
);

COMMENT ON FUNCTION load_internal.is_plain_time IS
'True for YYYY-MM-DDTHH:MM:SSZ that exists, from 1900 to 2099; false for every other cell, also for the 29th of February and other good ones; NULL for NULL.';
