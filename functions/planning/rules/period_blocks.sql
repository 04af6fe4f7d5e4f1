-- planning.period_blocks()
-- Cuts a window of days into periods.
-- requires: planning.period_number()
-- source:   docs/planning.md, "Time series and drill-down"

CREATE OR REPLACE FUNCTION planning.period_blocks(window_start date, window_end date, period text)
RETURNS TABLE (period_no integer, period_start date, period_end date)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        block.no,
        CASE period
            WHEN 'daily' THEN window_start + (block.no - 1)
            WHEN 'weekly' THEN window_start + (block.no - 1) * 7
            ELSE greatest(window_start, (date_trunc('month', window_start::timestamp) + (block.no - 1) * interval '1 month')::date)
        END,
        CASE period
            WHEN 'daily' THEN window_start + (block.no - 1)
            WHEN 'weekly' THEN least(window_end, window_start + (block.no * 7 - 1))
            ELSE least(window_end, (date_trunc('month', window_start::timestamp) + block.no * interval '1 month')::date - 1)
        END
    FROM generate_series(1, planning.period_number(window_end, window_start, period)) AS block (no)
    WHERE window_start <= window_end;
END;

COMMENT ON FUNCTION planning.period_blocks IS
'Both days belong to the window, and to their periods. Periods begin with the first day of the window; the last one is cut at its end. period: as of planning.period_number(). No row when the start is after the end.';
