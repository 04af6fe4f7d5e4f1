-- planning.write_occurrences()
-- Makes the occurrences of a plan line those of its method.
-- requires: planning.straight_line_schedule(), planning.round_half_even()
-- source:   docs/planning_writes.md, "Money planned without people"

CREATE OR REPLACE FUNCTION planning.write_occurrences(p_line_id uuid, p_amounts jsonb)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_line planning.nonlabor_plan_lines;
BEGIN
    SELECT lin.* INTO v_line FROM planning.nonlabor_plan_lines AS lin WHERE lin.id = p_line_id;
    DROP TABLE IF EXISTS new_occurrences;
    CREATE TEMPORARY TABLE new_occurrences ON COMMIT DROP AS
    SELECT occ.occurrence_date, occ.base_amount, 'GENERATED' AS source
    FROM planning.straight_line_schedule(
        v_line.total_amount, v_line.schedule_start, v_line.schedule_end, v_line.frequency, v_line.period_placement
    ) AS occ
    WHERE v_line.method = 'STRAIGHT_LINE'
    UNION ALL
    SELECT (giv.value ->> 'date')::date, planning.round_half_even((giv.value ->> 'amount')::numeric, 4), 'MANUAL'
    FROM jsonb_array_elements(p_amounts) AS giv (value)
    WHERE v_line.method = 'MANUAL';

    DELETE FROM planning.nonlabor_plan_occurrences AS old
    WHERE old.plan_line_id = p_line_id
        AND NOT EXISTS (SELECT FROM pg_temp.new_occurrences AS occ WHERE occ.occurrence_date = old.occurrence_date);
    INSERT INTO planning.nonlabor_plan_occurrences AS old (plan_line_id, occurrence_date, base_amount, source)
    SELECT p_line_id, occ.occurrence_date, occ.base_amount, occ.source
    FROM pg_temp.new_occurrences AS occ
    ORDER BY occ.occurrence_date
    ON CONFLICT (plan_line_id, occurrence_date) DO UPDATE SET
        base_amount = excluded.base_amount,
        source = excluded.source,
        -- an override belongs to a generated amount, and stays while its day does
        override_amount = CASE WHEN excluded.source = 'GENERATED' THEN old.override_amount END
    WHERE (old.base_amount, old.source) IS DISTINCT FROM (excluded.base_amount, excluded.source)
        OR (excluded.source = 'MANUAL' AND old.override_amount IS NOT NULL);
END;
$$;

COMMENT ON FUNCTION planning.write_occurrences IS
'p_amounts: of a manual line, a list of objects with date and amount. Rows that stay as they are are not rewritten.';

REVOKE ALL ON FUNCTION planning.write_occurrences FROM PUBLIC;
