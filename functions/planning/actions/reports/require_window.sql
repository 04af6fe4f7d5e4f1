-- planning.require_window()
-- Ends the statement unless two days make a window and a word is one of those known.
-- requires: nothing
-- source:   docs/planning.md, "Time series and drill-down"

CREATE OR REPLACE FUNCTION planning.require_window(p_from date, p_to date, p_word text DEFAULT NULL, p_words text[] DEFAULT NULL)
RETURNS void LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_from IS NULL OR p_to IS NULL OR NOT isfinite(p_from) OR NOT isfinite(p_to) OR p_from > p_to THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('there is no window from %s to %s', coalesce(p_from::text, 'NULL'), coalesce(p_to::text, 'NULL')),
            DETAIL = 'A window has a first and a last day, both included; the first is not after the last.',
            HINT = 'Give the same day twice for one day.';
    ELSIF p_words IS NOT NULL AND (p_word IS NULL OR p_word <> ALL (p_words)) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('this report knows no %s', coalesce(p_word, 'NULL')),
            DETAIL = format('It knows %s.', array_to_string(p_words, ', ')),
            HINT = 'Give one of these.';
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.require_window IS
'p_words: what the report can be asked for; NULL: it has no choice. Raises 22023.';

REVOKE ALL ON FUNCTION planning.require_window FROM PUBLIC;
