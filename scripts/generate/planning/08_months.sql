-- Months: assignments and labor actuals, in files of about 2,000 rows, six a day
-- A project is always in the same one of the six; what is booked in a file is priced by the rate of its day.

CREATE OR REPLACE PROCEDURE pg_temp.import_work(p_plan pg_temp.generated_plan)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO planning.actual_import_batches (id, source_type, actuals_through_date, file_name, record_count)
    SELECT
        pg_temp.id_of('labor file ' || p_plan.batch_base, (booking.day - p_plan.first_day) * 8 + booking.project_no % 6),
        'labor',
        booking.day,
        'labor-' || to_char(booking.day, 'YYYYMMDD') || '-' || booking.project_no % 6 || '.csv',
        count(*)
    FROM pg_temp.generated_booking AS booking
    GROUP BY booking.day, booking.project_no % 6;

    WITH moved AS MATERIALIZED (  -- a cost is computed once, and looked at many times
        SELECT
            booking.*,
            -- some work is booked on a day before the project begins or after it has ended
            CASE
                WHEN pg_temp.draw(booking.no, 100) < 0.001 THEN project.start_date - pg_temp.draw_int(booking.no, 101, 1, 9)
                WHEN pg_temp.draw(booking.no, 100) < 0.006 AND project.end_date + 20 < p_plan.as_of
                    THEN project.end_date + pg_temp.draw_int(booking.no, 101, 1, 19)
                ELSE booking.day
            END AS actual_date,
            -- and some costs were corrected later
            planning.round_half_even(booking.rate_amount * booking.percentage / 100, 2) * CASE
                WHEN pg_temp.draw(booking.no, 102) < 0.015 THEN round(0.8 + 0.4 * pg_temp.draw(booking.no, 103)::numeric, 2)
                ELSE 1
            END AS cost,
            project.id AS project_id
        FROM pg_temp.generated_booking AS booking
        INNER JOIN pg_temp.generated_project AS project ON booking.project_no = project.no
    ),

    priced AS MATERIALIZED (
        SELECT
            moved.*,
            round(moved.cost, 2) AS actual_cost,
            CASE
                WHEN moved.expense = 0 THEN round(moved.cost, 2)
                WHEN moved.capital = 0 THEN 0
                ELSE planning.round_half_even(round(moved.cost, 2) * moved.capital / (moved.capital + moved.expense), 2)
            END AS capital_amount
        FROM moved
    )

    INSERT INTO planning.actuals (
        id, project_id, resource_id, import_batch_id, external_worker_id, worker_name, allocation_percentage,
        actual_date, actual_cost, capital_amount, expense_amount
    )
    SELECT
        pg_temp.ordered_id('actual', priced.no),
        priced.project_id,
        worker.resource_id,
        pg_temp.id_of('labor file ' || p_plan.batch_base, (priced.day - p_plan.first_day) * 8 + priced.project_no % 6),
        worker.external_id,
        worker.name,
        priced.percentage,
        priced.actual_date,
        priced.actual_cost,
        priced.capital_amount,
        priced.actual_cost - priced.capital_amount
    FROM priced
    INNER JOIN pg_temp.generated_worker AS worker ON priced.worker_no = worker.no
    ORDER BY priced.day, priced.project_no % 6, priced.project_no, priced.worker_no;
END $$;

COMMENT ON PROCEDURE pg_temp.import_work IS 'Makes actuals of the bookings of the month.';

-- An empty organisation is filled without looking up each key by itself and without keeping every index in order;
-- both are made good at once afterwards. Nor is each row noted for stored views: they are told once that all is new.
CREATE TEMP TABLE generated_remake ON COMMIT DROP AS
SELECT
    CASE con.contype WHEN 'f' THEN 2 ELSE 1 END AS step,
    con.conname AS name,
    format('ALTER TABLE %s DROP CONSTRAINT %I', con.conrelid::regclass, con.conname) AS away,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', con.conrelid::regclass, con.conname, pg_get_constraintdef(con.oid)) AS again
FROM pg_constraint AS con
-- keys of assignments would be looked up all over their index; those of both tables by id come in order
WHERE con.contype IN ('f', 'u') AND con.conparentid = 0
    AND con.conrelid IN ('planning.resource_assignments'::regclass, 'planning.actuals'::regclass)
UNION ALL
SELECT
    1,
    idx.indexrelid::regclass::text,
    format('DROP INDEX %s', idx.indexrelid::regclass),
    -- the definition of a partitioned index says ONLY, which would leave the partitions out
    replace(pg_get_indexdef(idx.indexrelid), ' ON ONLY ', ' ON ')
FROM pg_index AS idx
WHERE NOT idx.indisunique AND NOT idx.indisexclusion
    AND idx.indrelid IN ('planning.resource_assignments'::regclass, 'planning.actuals'::regclass)
UNION ALL
SELECT
    3,
    trg.tgrelid::regclass::text,
    format('ALTER TABLE %s DISABLE TRIGGER %I', trg.tgrelid::regclass, trg.tgname),
    format('ALTER TABLE %s ENABLE TRIGGER %I', trg.tgrelid::regclass, trg.tgname)
FROM pg_trigger AS trg
WHERE trg.tgname = 'refresh_capture_insert' AND trg.tgenabled = 'O'
    AND trg.tgrelid IN ('planning.resource_assignments'::regclass, 'planning.actuals'::regclass);

DELETE FROM pg_temp.generated_remake WHERE current_setting('tidemark.generate_append')::boolean;

DO $$
DECLARE
    v_remake record;
BEGIN
    IF NOT current_setting('tidemark.generate_append')::boolean THEN
        TRUNCATE planning.resource_assignments, planning.actuals;  -- empty: for the word that every row is concerned
    END IF;
    FOR v_remake IN SELECT rem.away FROM pg_temp.generated_remake AS rem ORDER BY rem.step DESC, rem.name LOOP
        EXECUTE v_remake.away;
    END LOOP;
END $$;

DO $$
DECLARE
    v_plan pg_temp.generated_plan;
    v_from date;
    v_to date;
BEGIN
    SELECT * INTO v_plan FROM pg_temp.generated_plan;
    v_from := v_plan.first_day;
    WHILE v_from <= v_plan.last_day LOOP
        v_to := least((date_trunc('month', v_from) + interval '1 month')::date - 1, v_plan.last_day);
        TRUNCATE pg_temp.generated_work, pg_temp.generated_booking;
        CALL pg_temp.plan_work(v_plan, v_from, v_to);
        ANALYZE generated_work;
        CALL pg_temp.book_work(v_plan);
        ANALYZE generated_booking;
        CALL pg_temp.import_work(v_plan);
        v_from := v_to + 1;
    END LOOP;
END $$;

ANALYZE generated_cost;
