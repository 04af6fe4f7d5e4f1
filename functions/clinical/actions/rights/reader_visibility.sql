-- clinical.reader_visibility()
-- Which items a reader of bi sees who was granted some users.
-- requires: clinical.visibility_of()
-- source:   docs/clinical.md, "Dashboards"

CREATE OR REPLACE FUNCTION clinical.reader_visibility(p_users text[])
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE WHEN bool_or(own.visibility = 'all') THEN 'all' WHEN bool_or(own.visibility = 'active') THEN 'active' END
    FROM unnest(p_users) AS given (value)
    -- a grant may hold a value that is no user
    CROSS JOIN LATERAL (
        SELECT clinical.visibility_of(CASE WHEN given.value ~ '^[0-9]{1,9}$' THEN given.value::integer END) AS visibility
    ) AS own;
END;

COMMENT ON FUNCTION clinical.reader_visibility IS
'For views of bi, which give it access.sees(''clinical'', ''user''). The widest of the users; NULL: none of them may read. A reader runs it inside the view and cannot name it.';

REVOKE ALL ON FUNCTION clinical.reader_visibility FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.reader_visibility TO tidemark_bi;
