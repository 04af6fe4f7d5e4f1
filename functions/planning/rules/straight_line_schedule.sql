-- planning.straight_line_schedule()
-- Spreads an amount evenly over days, months or years.
-- requires: nothing
-- source:   docs/planning_writes.md, "Money planned without people"

CREATE OR REPLACE FUNCTION planning.straight_line_schedule(
    total_amount numeric, schedule_start date, schedule_end date, frequency text, period_placement text
)
RETURNS TABLE (occurrence_no bigint, occurrence_date date, base_amount numeric)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH occurrence AS (
        SELECT
            row_number() OVER (ORDER BY period.first_day) AS no,
            count(*) OVER () AS count,
            CASE WHEN period_placement = 'PERIOD_END'
                THEN least((period.first_day + unit.step)::date - 1, schedule_end)
                ELSE greatest(period.first_day::date, schedule_start)
            END AS day
        FROM (
            SELECT
                CASE frequency WHEN 'DAILY' THEN interval '1 day' WHEN 'MONTHLY' THEN interval '1 month' WHEN 'YEARLY' THEN interval '1 year' END AS step,
                CASE frequency WHEN 'DAILY' THEN 'day' WHEN 'MONTHLY' THEN 'month' WHEN 'YEARLY' THEN 'year' END AS name
        ) AS unit
        CROSS JOIN LATERAL generate_series(
            date_trunc(unit.name, schedule_start::timestamp), schedule_end::timestamp, unit.step
        ) AS period (first_day)
    )

    SELECT
        occ.no, occ.day,
        CASE
            WHEN occ.no < occ.count THEN share.amount
            ELSE round(total_amount - (occ.count - 1) * share.amount, 4)
        END
    FROM occurrence AS occ
    -- whole ten-thousandths, cut toward zero
    CROSS JOIN LATERAL (SELECT round(div(total_amount * 10000, occ.count) / 10000, 4) AS amount) AS share;
END;

COMMENT ON FUNCTION planning.straight_line_schedule IS
'One row per day, month or year that the schedule touches, on its first day (not before the start) or its last (not after the end). Equal amounts of four decimals; the last one takes the rest, so that the sum is exact. No row when the start is after the end.';
