-- commerce.variant_kpi_at()
-- Sales, stock and margin of a run, measured at an instant of your choice.
-- requires: commerce.variant_kpi
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE FUNCTION commerce.variant_kpi_at(p_shop_id text, p_run_id text, p_as_of timestamptz DEFAULT NULL)
RETURNS SETOF commerce.variant_kpi LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('tidemark.kpi_as_of', true), '');
BEGIN
    IF p_as_of IN ('infinity', '-infinity') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s is no instant to measure sales at', p_as_of),
            DETAIL = 'as_of must be finite.',
            HINT = 'Give a timestamp, or NULL for the newest order of the shop.';
    END IF;
    -- written in UTC with its offset: the settings of the session have no say in reading it back
    PERFORM set_config('tidemark.kpi_as_of', coalesce((p_as_of AT TIME ZONE 'UTC')::text || '+00', ''), true);
    RETURN QUERY
    SELECT kpi.*
    FROM commerce.variant_kpi AS kpi
    WHERE kpi.shop_id = p_shop_id AND kpi.run_id = p_run_id;
    PERFORM set_config('tidemark.kpi_as_of', v_before, true);
END;
$$;

COMMENT ON FUNCTION commerce.variant_kpi_at IS
'The rows of commerce.variant_kpi for one run, with as_of instead of the newest order of the shop (NULL: that). Orders and stock are taken as they are now. Raises 22023 for an infinite as_of.';

REVOKE ALL ON FUNCTION commerce.variant_kpi_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.variant_kpi_at TO tidemark_app;
