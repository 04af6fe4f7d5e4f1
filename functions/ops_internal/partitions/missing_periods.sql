-- ops_internal.missing_periods()
-- Says which partitions a declared table lacks on one day.
-- requires: ops_internal.partitions_of()
-- source:   docs/partitions.md

CREATE OR REPLACE FUNCTION ops_internal.missing_periods(p_table text, p_today date)
RETURNS TABLE (partition_name text, range_start timestamp, range_end timestamp)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD'
BEGIN ATOMIC
    WITH declared AS (
        SELECT par.period, par.ahead, rel.relname, nsp.nspname,
            CASE par.period WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months' ELSE interval '1 year' END AS step,
            -- what is to be detached is not made first
            greatest(par.first_day, p_today - par.keep)::timestamp AS from_day
        FROM ops.partitioned_tables AS par
        INNER JOIN pg_class AS rel ON rel.oid = to_regclass(par.table_name)
        INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
        WHERE par.table_name = p_table
    ),

    periods AS (
        SELECT declared.*, day.first AS range_start, day.first + declared.step AS range_end
        FROM declared
        CROSS JOIN LATERAL generate_series(
            date_trunc(declared.period, declared.from_day),
            date_trunc(declared.period, p_today::timestamp) + declared.ahead * declared.step, declared.step
        ) AS day (first)
    ),

    -- partitions that are there may have other ranges: only what they leave free is made
    taken AS (
        SELECT coalesce(range_agg(tsrange(part.range_start, part.range_end)), '{}'::tsmultirange) AS ranges
        FROM ops_internal.partitions_of(to_regclass(p_table)) AS part
        WHERE NOT part.is_default
    )

    SELECT
        format(
            '%I.%I', periods.nspname,
            -- within the 63 bytes of a name
            left(periods.relname, 40) || to_char(periods.range_start, CASE periods.period
                WHEN 'month' THEN '"_"YYYY"_"MM' WHEN 'quarter' THEN '"_"YYYY"_q"Q' ELSE '"_"YYYY' END)
            || CASE WHEN (piece.range_start, piece.range_end) = (periods.range_start, periods.range_end) THEN ''
                ELSE to_char(piece.range_start, '"_from_"MMDD') END
        ),
        piece.range_start, piece.range_end
    FROM periods
    CROSS JOIN taken
    CROSS JOIN LATERAL unnest(tsmultirange(tsrange(periods.range_start, periods.range_end)) - taken.ranges) AS gap (range)
    -- collation: these are the ends of a range
    CROSS JOIN LATERAL (SELECT lower(gap.range) AS range_start, upper(gap.range) AS range_end) AS piece
    ORDER BY piece.range_start;
END;

COMMENT ON FUNCTION ops_internal.missing_periods IS
'One row per partition to make, earliest first: its name and its range, start inclusive, end exclusive.';

REVOKE ALL ON FUNCTION ops_internal.missing_periods FROM PUBLIC;
