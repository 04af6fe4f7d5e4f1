-- trade.hs_search()
-- Finds codes by digits or by a part of their description.
-- requires: trade.hs_normalise(), trade.hs_parts()
-- source:   docs/trade.md, "Tariff codes"

CREATE OR REPLACE FUNCTION trade.hs_search(p_query text, p_max_rows integer DEFAULT 10, p_chapter text DEFAULT NULL)
RETURNS TABLE (
    "position" bigint, -- noqa: RF06
    code text,
    description text,
    section text,
    chapter text,
    level smallint,
    match_class integer
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- no common part is taken out: as arguments known to the planner these expressions are constants, and it chooses by them
    SELECT
        row_number() OVER (ORDER BY hit.match_class, hit.code),
        hit.code,
        hit.description,
        hit.section,
        hit.chapter,
        hit.level,
        hit.match_class
    FROM (
        SELECT
            hsc.code,
            hsc.description,
            hsc.section::text AS section,
            hsc.chapter,
            hsc.level,
            CASE
                WHEN p_query ~ '^[0-9 .-]*[0-9][0-9 .-]*$' AND hsc.code = trade.hs_normalise(p_query) THEN 0
                WHEN p_query ~ '^[0-9 .-]*[0-9][0-9 .-]*$' AND starts_with(hsc.code, trade.hs_normalise(p_query)) THEN 1
                ELSE 2
            END AS match_class
        FROM trade.hs_codes AS hsc
        WHERE btrim(p_query, ' ') <> ''
            AND hsc.level > 0
            AND (p_chapter IS NULL OR hsc.chapter = p_chapter)
            AND (
                (
                    -- ':' comes after '9': all that begins with these digits
                    hsc.code >= CASE WHEN p_query ~ '^[0-9 .-]*[0-9][0-9 .-]*$' THEN trade.hs_normalise(p_query) END
                    AND hsc.code < CASE WHEN p_query ~ '^[0-9 .-]*[0-9][0-9 .-]*$' THEN trade.hs_normalise(p_query) END || ':'
                )
                OR (
                    hsc.description_parts @> trade.hs_parts(btrim(p_query, ' '))
                    AND position(lower(btrim(p_query, ' ') COLLATE "C") IN lower(hsc.description COLLATE "C")) > 0
                )
            )
    ) AS hit
    ORDER BY hit.match_class, hit.code
    LIMIT least(greatest(coalesce(p_max_rows, 10), 1), 100);
END;

COMMENT ON FUNCTION trade.hs_search IS
'match_class 0: the code itself, 1: begins with these digits, 2: the description contains the text, whatever its case. At most 100 rows; NULL: 10. Blank: none.';

REVOKE ALL ON FUNCTION trade.hs_search FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.hs_search TO tidemark_app, tidemark_operator;
