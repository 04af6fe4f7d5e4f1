-- planning.user_access_of()
-- The rows of planning.user_access for some users: stored if they are there, computed otherwise.
-- requires: planning.user_access, planning.user_access_by_role
-- source:   docs/planning.md, "Stored and computed"

CREATE OR REPLACE FUNCTION planning.user_access_of(p_user_ids uuid[])
RETURNS SETOF planning.user_access LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_missing uuid[] := p_user_ids;
BEGIN
    IF to_regclass('planning.user_access_by_role') IS NOT NULL THEN
        RETURN QUERY SELECT acc.* FROM planning.user_access_by_role AS acc WHERE acc.user_id = ANY(p_user_ids);
        v_missing := ARRAY(
            SELECT given.user_id
            FROM unnest(p_user_ids) AS given (user_id)
            WHERE NOT EXISTS (SELECT FROM planning.user_access_by_role AS acc WHERE acc.user_id = given.user_id)
        );
        -- nothing is in these tables: that they are read is what the statistics count
        PERFORM FROM planning.access_answers_stored;
    END IF;
    IF v_missing <> '{}' THEN
        PERFORM FROM planning.access_answers_computed;
        RETURN QUERY SELECT acc.* FROM planning.user_access AS acc WHERE acc.user_id = ANY(v_missing);
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.user_access_of IS
'Every user has a stored row, so one without is told from the tables: the answer is the same while the stored rows are emptied, dropped or rebuilt. Nothing for an unknown user.';

REVOKE ALL ON FUNCTION planning.user_access_of FROM PUBLIC;
