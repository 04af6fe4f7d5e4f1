-- refresh_internal.compare_body()
-- Writes the join that puts each stored row beside its live twin.
-- requires: refresh_internal.equality_of()
-- source:   docs/refresh.md, "Verifying"

CREATE OR REPLACE FUNCTION refresh_internal.compare_body(
    p_view refresh.stored_views, p_stored text, p_has_null_keys boolean,
    OUT joined text, OUT is_different text, OUT kind text, OUT sample text
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_columns text;
    v_live text;
    v_stored text;
    v_key text;
    v_join text;
BEGIN
    SELECT
        string_agg(format('%I', col.name), ', ' ORDER BY col.position),
        string_agg(format('live.%I', col.name), ', ' ORDER BY col.position),
        string_agg(format('stored.%I', col.name), ', ' ORDER BY col.position)
    INTO v_columns, v_live, v_stored
    FROM unnest(p_view.column_names) WITH ORDINALITY AS col (name, position);
    IF p_view.mode = 'full' THEN
        -- without a key a row is its own key, and its number among equal ones; as text, so that types without equality work
        joined := format(
            'FROM (SELECT line, row_number() OVER (PARTITION BY line) AS copy, TRUE AS tidemark_is FROM (SELECT ROW(%1$s)::text AS line FROM %2$s) AS source) AS live '
            'FULL JOIN (SELECT line, row_number() OVER (PARTITION BY line) AS copy, TRUE AS tidemark_is FROM (SELECT ROW(%1$s)::text AS line FROM %3$s) AS source) AS stored '
            'ON live.line = stored.line AND live.copy = stored.copy', v_columns, p_view.live_name, p_stored);
        is_different := '(live.tidemark_is IS NULL OR stored.tidemark_is IS NULL)';
        sample := 'to_jsonb(coalesce(live.line, stored.line))';
    ELSE
        SELECT
            string_agg(format('%I', key.name), ', ' ORDER BY key.position),
            string_agg(format('live.%1$I %2$s stored.%1$I', key.name, refresh_internal.equality_of(key.type)), ' AND ' ORDER BY key.position),
            format('jsonb_build_object(%s)', string_agg(
                format('%1$L, CASE WHEN stored.tidemark_is THEN stored.%1$I ELSE live.%1$I END', key.name), ', ' ORDER BY key.position))
        INTO v_key, v_join, sample
        FROM unnest(p_view.key_columns, p_view.key_types) WITH ORDINALITY AS key (name, type, position);
        joined := format(
            'FROM (SELECT %1$s, ROW(%2$s) AS tidemark_key, TRUE AS tidemark_is FROM %3$s) AS live '
            'FULL JOIN (SELECT %1$s, ROW(%2$s) AS tidemark_key, TRUE AS tidemark_is FROM %4$s) AS stored ON %5$s',
            v_columns, v_key, p_view.live_name, p_stored,
            CASE WHEN p_has_null_keys THEN 'live.tidemark_key = stored.tidemark_key' ELSE v_join END);
        is_different := format(
            '(live.tidemark_is IS NULL OR stored.tidemark_is IS NULL OR ROW(%s)::record OPERATOR(pg_catalog.*<>) ROW(%s))', v_stored, v_live);
    END IF;
    kind := 'CASE WHEN live.tidemark_is IS NULL THEN ''surplus'' WHEN stored.tidemark_is IS NULL THEN ''missing'' ELSE ''differing'' END';
END;
$$;

COMMENT ON FUNCTION refresh_internal.compare_body IS
'SQL text. p_has_null_keys: compare keys as records, where NULL equals NULL, at the price of a sort.';

REVOKE ALL ON FUNCTION refresh_internal.compare_body FROM PUBLIC;
