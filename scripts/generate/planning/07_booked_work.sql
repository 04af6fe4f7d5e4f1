-- Booked work: how a month of labor actuals is made from what was planned
-- Of every stint some days are not worked, some differ, and some work was never planned.

CREATE TEMP TABLE generated_booking (
    no bigint, worker_no integer, project_no integer, day date, percentage numeric, capital integer, expense integer,
    rate_amount numeric
) ON COMMIT DROP;

COMMENT ON TABLE pg_temp.generated_booking IS 'Labor actuals of the month, not yet priced. capital, expense: how the cost is split.';

CREATE OR REPLACE PROCEDURE pg_temp.book_work(p_plan pg_temp.generated_plan)
LANGUAGE plpgsql AS $$
BEGIN
    -- 85 planned days of a hundred are worked, three of them in two bookings; fewer in summer and before New Year
    INSERT INTO pg_temp.generated_booking
    WITH room AS (
        SELECT
            work.*,
            -- what the worker could do more on that day without being over it, on this project; a tenth is left to the unplanned
            greatest(90 - sum(work.capital + work.expense) OVER (PARTITION BY work.worker_no, work.day), 0) / work.count AS more,
            pg_temp.draw(work.draw_id, 90) AS u,
            pg_temp.draw(work.draw_id, 91) AS v,
            CASE
                WHEN extract(month FROM work.day) = 12 AND extract(day FROM work.day) >= 18 THEN 0.65
                WHEN extract(month FROM work.day) IN (7, 8) THEN 0.88
                ELSE 1
            END AS season
        FROM pg_temp.generated_work AS work
        WHERE work.day <= p_plan.as_of AND work.rate_amount IS NOT NULL
    ),

    worked AS (
        SELECT
            room.*,
            least(room.capital + room.expense + floor(room.more), round((room.capital + room.expense) * CASE
                WHEN room.v < 0.5 THEN 1
                WHEN room.v < 0.6 THEN 0.9
                WHEN room.v < 0.7 THEN 1.1
                WHEN room.v < 0.8 THEN 0.7 + room.v - 0.7
                WHEN room.v < 0.9 THEN 1.2 + room.v - 0.8
                ELSE 0.05 + 20 * (room.v - 0.9)
            END::numeric, 2)) AS percentage
        FROM room
        WHERE room.u < 0.85 AND room.capital + room.expense > 0 AND pg_temp.draw(room.draw_id, 92) < room.season
    )

    SELECT
        worked.draw_id * 4 + part.no,
        worked.worker_no,
        worked.project_no,
        worked.day,
        CASE part.no WHEN 0 THEN worked.percentage - part.second ELSE part.second END,
        worked.capital,
        worked.expense,
        worked.rate_amount
    FROM worked
    CROSS JOIN LATERAL (
        SELECT 0 AS no, CASE WHEN worked.u < 0.03 THEN floor(worked.percentage / 2) ELSE 0 END AS second
        UNION ALL
        SELECT 1, floor(worked.percentage / 2) WHERE worked.u < 0.03
    ) AS part;

    -- four bookings of a hundred are of work that nobody planned
    INSERT INTO pg_temp.generated_booking
    SELECT
        work.draw_id * 4 + 2,
        work.worker_no,
        active.project_no,
        work.day,
        pg_temp.draw_int(work.draw_id, 95, 1, 2) * 5,
        pg_temp.draw_int(work.draw_id, 96, 0, 2) * 50,
        100 - pg_temp.draw_int(work.draw_id, 96, 0, 2) * 50,
        work.rate_amount
    FROM pg_temp.generated_work AS work
    INNER JOIN pg_temp.generated_active AS active
        ON work.day = active.day AND (work.worker_no + work.slot + 1) % 3 = active.third
            AND 1 + work.draw_id % active.projects = active.place
    WHERE work.count = 1 AND work.capital + work.expense BETWEEN 1 AND 50 AND work.day <= p_plan.as_of
        AND work.rate_amount IS NOT NULL AND pg_temp.draw(work.draw_id, 97) < 0.26;
END $$;

COMMENT ON PROCEDURE pg_temp.book_work IS 'Makes bookings of the assignments of the month.';
