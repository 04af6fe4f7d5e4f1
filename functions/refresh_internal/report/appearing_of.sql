-- refresh_internal.appearing_of()
-- Tells when time alone brings rows of a stored view: the earliest moment that has come, and the next one.
-- requires: refresh.now(), refresh.as_of_date(), refresh.time_zone()
-- source:   docs/refresh.md, "Rows that appear by time"

-- Its own statement, so that a query which has become wrong harms no other view: it counts as due now, and the run says why.
CREATE OR REPLACE FUNCTION refresh_internal.appearing_of(
    p_view refresh.stored_views, p_since timestamptz, OUT due_at timestamptz, OUT next_due_at timestamptz
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_zone text := refresh.time_zone();
BEGIN
    IF p_view.appears_type = 'date' THEN
        EXECUTE format('SELECT '
            '(SELECT min(appears_on) FROM (%1$s
) AS appearing WHERE appears_on > %2$L AND appears_on <= %3$L)::timestamp AT TIME ZONE %4$L, '
            '(SELECT min(appears_on) FROM (%1$s
) AS appearing WHERE appears_on > %3$L AND appears_on < ''infinity'')::timestamp AT TIME ZONE %4$L',
            p_view.appears || E'\n', (p_since AT TIME ZONE v_zone)::date, refresh.as_of_date(), v_zone)
        INTO due_at, next_due_at;
    ELSE
        EXECUTE format('SELECT '
            '(SELECT min(appears_at) FROM (%1$s) AS appearing WHERE appears_at > %2$L AND appears_at <= %3$L), '
            '(SELECT min(appears_at) FROM (%1$s) AS appearing WHERE appears_at > %3$L AND appears_at < ''infinity'')',
            p_view.appears || E'\n', p_since, refresh.now())
        INTO due_at, next_due_at;
    END IF;
EXCEPTION
    WHEN OTHERS THEN
        due_at := refresh.now();
END;
$$;

COMMENT ON FUNCTION refresh_internal.appearing_of IS
'p_since: the instant of the last run. NULL: none.';

REVOKE ALL ON FUNCTION refresh_internal.appearing_of FROM PUBLIC;
