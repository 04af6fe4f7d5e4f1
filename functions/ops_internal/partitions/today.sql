-- ops_internal.today()
-- The business day, whatever day the session looks at.
-- requires: refresh.as_of_date(), refresh_internal.pin_clock()
-- source:   docs/partitions.md

CREATE OR REPLACE FUNCTION ops_internal.today()
RETURNS date LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_as_of text := coalesce(current_setting('tidemark.as_of', TRUE), '');
    v_zone text := coalesce(current_setting('tidemark.time_zone', TRUE), '');
    v_today date;
BEGIN
    PERFORM refresh_internal.pin_clock();
    v_today := refresh.as_of_date();
    PERFORM set_config('tidemark.as_of', v_as_of, TRUE), set_config('tidemark.time_zone', v_zone, TRUE);
    RETURN v_today;
END;
$$;

COMMENT ON FUNCTION ops_internal.today IS
'What a session looks at decides about no partition.';

REVOKE ALL ON FUNCTION ops_internal.today FROM PUBLIC;
