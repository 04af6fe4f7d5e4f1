-- audit.read()
-- Gives entries of the log of changes page by page, newest first.
-- requires: nothing
-- source:   docs/audit.md, "Reading"

CREATE OR REPLACE FUNCTION audit.read(
    p_family text DEFAULT NULL,
    p_table_name text DEFAULT NULL,
    p_row_key text DEFAULT NULL,
    p_actor text DEFAULT NULL,
    p_action text DEFAULT NULL,
    p_from timestamptz DEFAULT NULL,
    p_to timestamptz DEFAULT NULL,
    p_after_at timestamptz DEFAULT NULL,
    p_after_no bigint DEFAULT NULL,
    p_limit integer DEFAULT 100
)
RETURNS SETOF audit.entries LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 OR (p_after_at IS NULL) <> (p_after_no IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'this page of the log of changes cannot be given',
            DETAIL = format('Limit %s, after %s, number %s.', p_limit, p_after_at, p_after_no),
            HINT = 'Ask for 1 to 1000 entries; to go on, give recorded_at and entry_no of the last one, both.';
    END IF;
    RETURN QUERY
        SELECT ent.* FROM audit.entries AS ent
        WHERE (p_family IS NULL OR ent.family = p_family)
            AND (p_table_name IS NULL OR ent.table_name = p_table_name)
            AND (p_row_key IS NULL OR ent.row_key = p_row_key)
            AND (p_actor IS NULL OR ent.actor = p_actor)
            AND (p_action IS NULL OR ent.action = p_action)
            AND ent.recorded_at >= coalesce(p_from, '-infinity') AND ent.recorded_at <= coalesce(p_to, 'infinity')
            AND (ent.recorded_at, ent.entry_no) < (coalesce(p_after_at, 'infinity'), coalesce(p_after_no, 9223372036854775807))
        ORDER BY ent.recorded_at DESC, ent.entry_no DESC
        LIMIT p_limit;
END;
$$;

COMMENT ON FUNCTION audit.read IS
'What is NULL does not narrow. p_from and p_to both inclusive; p_after_at and p_after_no: recorded_at and entry_no of the last entry of the page before. Raises 22023 for a limit outside of 1 to 1000.';

REVOKE ALL ON FUNCTION audit.read FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.read TO tidemark_operator;
