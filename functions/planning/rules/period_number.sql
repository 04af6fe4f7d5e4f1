-- planning.period_number()
-- The number of the period that a day is in, counted from the first day of a window.
-- requires: nothing
-- source:   docs/planning.md, "Time series and drill-down"

CREATE OR REPLACE FUNCTION planning.period_number(day date, window_start date, period text)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE period
    WHEN 'daily' THEN day - window_start
    WHEN 'weekly' THEN (day - window_start) / 7
    WHEN 'monthly'
        THEN ((extract(YEAR FROM day) - extract(YEAR FROM window_start)) * 12 + extract(MONTH FROM day) - extract(MONTH FROM window_start))::integer
END + 1;

COMMENT ON FUNCTION planning.period_number IS
'1 for the first. period: daily, weekly (seven days from the first day of the window, whatever day of the week it is) or monthly (calendar months); NULL for another word. day is not before window_start.';
