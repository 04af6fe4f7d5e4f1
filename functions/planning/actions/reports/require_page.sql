-- planning.require_page()
-- Ends the statement unless page, size and order of a list can be.
-- requires: nothing
-- source:   docs/planning.md, "Lists"

CREATE OR REPLACE FUNCTION planning.require_page(p_page integer, p_size integer, p_order text, p_orders text[])
RETURNS void LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_page IS NULL OR p_page < 1 OR p_size IS NULL OR p_size NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('there is no page %s of %s rows', coalesce(p_page::text, 'NULL'), coalesce(p_size::text, 'NULL')),
            DETAIL = 'Pages begin with 1 and have 1 to 100 rows.',
            HINT = 'Leave both out for the first 20 rows.';
    ELSIF p_order IS NULL OR p_order <> ALL (p_orders) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('this list has no order by %s', coalesce(p_order, 'NULL')),
            DETAIL = format('It can be ordered by %s.', array_to_string(p_orders, ', ')),
            HINT = 'Give one of these.';
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.require_page IS
'p_orders: what the list can be ordered by. Raises 22023.';

REVOKE ALL ON FUNCTION planning.require_page FROM PUBLIC;
