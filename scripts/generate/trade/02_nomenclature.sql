-- Nomenclature: as many chapters, headings and subheadings as the Harmonized System of 2022 has, with texts made up
-- The numbers are those of the public list; the words are frequent ones of such lists, put together at random.

INSERT INTO trade.hs_sections (section, ordinal, title)
SELECT sec.roman, sec.place, 'Goods of section ' || sec.roman
FROM unnest(string_to_array('I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI', ' ')) WITH ORDINALITY AS sec (roman, place)
ON CONFLICT DO NOTHING;

CREATE TEMP TABLE generated_chapter ON COMMIT DROP AS
SELECT
    split_part(cha.text, ':', 1) AS chapter,
    split_part(split_part(cha.text, ':', 2), '/', 1)::integer AS headings,
    split_part(cha.text, '/', 2)::integer AS subheadings,
    sec.section
FROM unnest(string_to_array(
    '01:6/34 02:10/66 03:9/225 04:10/33 05:9/15 06:4/16 07:14/73 08:14/70 09:10/39 10:8/26 11:9/27 12:14/50 13:2/11 14:2/5 15:21/53 16:5/42 '
    '17:4/17 18:6/11 19:5/19 20:9/52 21:6/16 22:9/24 23:9/23 24:4/16 25:29/67 26:21/37 27:16/43 28:50/180 29:42/410 30:6/45 31:5/24 32:15/45 '
    '33:7/29 34:7/24 35:7/15 36:6/13 37:7/30 38:27/108 39:26/131 40:17/80 41:11/37 42:5/20 43:4/12 44:21/128 45:4/7 46:2/11 47:7/21 48:22/101 '
    '49:11/18 50:7/9 51:13/38 52:12/124 53:10/23 54:8/72 55:16/110 56:9/30 57:5/24 58:11/37 59:11/24 60:6/44 61:17/106 62:17/104 63:10/52 '
    '64:6/25 65:6/8 66:3/6 67:4/8 68:15/50 69:13/30 70:19/71 71:18/55 72:29/167 73:26/124 74:16/49 75:8/17 76:16/35 78:4/8 79:6/9 80:4/5 '
    '81:12/56 82:15/64 83:11/36 84:86/538 85:48/296 86:9/23 87:16/98 88:6/26 89:8/25 90:32/143 91:14/48 92:7/17 93:7/18 94:6/54 95:6/39 '
    '96:20/49 97:6/19 99:1/1', ' '
)) AS cha (text)
LEFT JOIN (
    VALUES ('I', 1, 5), ('II', 6, 14), ('III', 15, 15), ('IV', 16, 24), ('V', 25, 27), ('VI', 28, 38), ('VII', 39, 40), ('VIII', 41, 43),
    ('IX', 44, 46), ('X', 47, 49), ('XI', 50, 63), ('XII', 64, 67), ('XIII', 68, 70), ('XIV', 71, 71), ('XV', 72, 83), ('XVI', 84, 85),
    ('XVII', 86, 89), ('XVIII', 90, 92), ('XIX', 93, 93), ('XX', 94, 96), ('XXI', 97, 97)
) AS sec (section, first_chapter, last_chapter)
    ON left(cha.text, 2)::integer BETWEEN sec.first_chapter AND sec.last_chapter;

CREATE TEMP TABLE generated_code ON COMMIT DROP AS
WITH headings AS (
    SELECT
        cha.chapter,
        cha.section,
        cha.chapter || lpad(hea.no::text, 2, '0') AS code,
        cha.subheadings * hea.no / cha.headings - cha.subheadings * (hea.no - 1) / cha.headings AS subheadings
    FROM pg_temp.generated_chapter AS cha
    CROSS JOIN LATERAL generate_series(1, cha.headings) AS hea (no)
),

codes AS (
    SELECT 'TOTAL' AS code, NULL AS parent, NULL AS section, NULL AS chapter, 0 AS level
    UNION ALL
    SELECT cha.chapter AS code, 'TOTAL', cha.section, cha.chapter, 2 FROM pg_temp.generated_chapter AS cha
    UNION ALL
    SELECT hea.code, hea.chapter AS parent, hea.section, hea.chapter, 4 FROM headings AS hea
    UNION ALL
    -- the only one of a heading ends in 00
    SELECT hea.code || CASE WHEN hea.subheadings = 1 THEN '00' ELSE (9 + sub.no)::text END, hea.code, hea.section, hea.chapter, 6
    FROM headings AS hea
    CROSS JOIN LATERAL generate_series(1, hea.subheadings) AS sub (no)
)

SELECT cod.*, row_number() OVER (ORDER BY cod.level, cod.code COLLATE "C") AS n
FROM codes AS cod;

INSERT INTO trade.hs_codes (code, description, parent, section, chapter, level)
SELECT
    cod.code,
    CASE WHEN cod.level = 0 THEN 'All goods' ELSE (
        SELECT string_agg(word.list[pg_temp.draw_int(cod.n * 40 + place.no, 60, 1, 24)], ' ' ORDER BY place.no)
            || CASE WHEN cod.n % 20 = 0 THEN ', of 85% or more' ELSE '' END
        FROM generate_series(1, 4 + pg_temp.draw_int(cod.n, 61, 0, 20)) AS place (no)
    ) END,
    cod.parent,
    cod.section,
    cod.chapter,
    cod.level
FROM pg_temp.generated_code AS cod
CROSS JOIN (
    SELECT string_to_array(
        'other than heading whether containing fibres parts fabrics steel machines cotton iron paper wood plates sheets worked '
        'polymers primary forms electric apparatus glass textile', ' '
    ) AS list
) AS word
ON CONFLICT DO NOTHING;

ANALYZE trade.hs_codes;
