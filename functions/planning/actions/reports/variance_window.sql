-- planning.variance_window()
-- The days that a variance report of a project looks at.
-- requires: planning.require_window(), refresh.as_of_date()
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.variance_window(
    p_project_id uuid, p_from date, p_to date, p_is_capped boolean, OUT first_day date, OUT last_day date
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_is_capped IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'p_is_capped is NULL',
            DETAIL = 'TRUE leaves out the days after refresh.as_of_date(), FALSE keeps them.',
            HINT = 'Leave it out for TRUE.';
    END IF;
    first_day := coalesce(p_from, (SELECT prj.start_date FROM planning.projects AS prj WHERE prj.id = p_project_id));
    -- a project that has not begun has no day to date, which is no mistake of who asks
    IF p_to IS NULL THEN
        last_day := refresh.as_of_date();
        PERFORM planning.require_window(first_day, greatest(last_day, first_day));
    ELSE
        PERFORM planning.require_window(first_day, p_to);
        last_day := CASE WHEN p_is_capped THEN least(p_to, refresh.as_of_date()) ELSE p_to END;
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.variance_window IS
'p_from NULL: the start of the project; p_to NULL: refresh.as_of_date(). p_is_capped: no day after refresh.as_of_date(), so that work that is still to come is not told as missing. last_day before first_day: no day. Raises 22023 for p_from after p_to.';

REVOKE ALL ON FUNCTION planning.variance_window FROM PUBLIC;
