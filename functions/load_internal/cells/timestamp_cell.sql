-- load_internal.timestamp_cell()
-- A cell of type ts.
-- requires: load_internal.word_cell()
-- source:   docs/loading.md, "Times"

CREATE OR REPLACE FUNCTION load_internal.timestamp_cell(cell text)
RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_parts text[];
    v_year integer;
    v_month integer;
    v_day integer;
    v_zone text;
    v_offset interval := interval '0';
BEGIN
    v_parts := regexp_match(load_internal.word_cell(cell),
        '^(?:([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}))'
        || '(?:(?:[Tt]| +)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,9})?)?'
        || ' ?(Z|z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$');
    IF v_parts IS NULL OR load_internal.word_cell(cell) IN ('0000-00-00', '0000-00-00 00:00:00', '1900-01-01') THEN
        RETURN NULL;
    END IF;
    IF v_parts[1] IS NOT NULL THEN
        v_year := v_parts[1]::integer;
        v_month := v_parts[3]::integer;
        v_day := v_parts[4]::integer;
    ELSE
        -- month first, unless that cannot be
        v_year := v_parts[7]::integer;
        v_month := v_parts[5]::integer;
        v_day := v_parts[6]::integer;
        IF v_month > 12 AND v_day <= 12 THEN
            v_month := v_parts[6]::integer;
            v_day := v_parts[5]::integer;
        END IF;
    END IF;
    IF v_year = 0 OR v_month NOT BETWEEN 1 AND 12 OR v_day NOT BETWEEN 1 AND 31
        OR v_day > extract(DAY FROM make_date(v_year, v_month, 1) + interval '1 month - 1 day')
        OR coalesce(v_parts[8]::integer, 0) > 23 OR coalesce(v_parts[9]::integer, 0) > 59
        OR coalesce(v_parts[10]::integer, 0) > 59 THEN
        RETURN NULL;
    END IF;
    v_zone := v_parts[12];
    IF v_zone ~ '^[+-]' THEN
        IF substr(v_zone, 2, 2) > '14' OR right(v_zone, 2) > '59' THEN
            RETURN NULL;
        END IF;
        v_offset := make_interval(
            hours => substr(v_zone, 2, 2)::integer,
            mins => CASE WHEN length(v_zone) > 3 THEN right(v_zone, 2)::integer ELSE 0 END
        ) * CASE WHEN v_zone LIKE '-%' THEN -1 ELSE 1 END;
    END IF;
    RETURN (
        make_date(v_year, v_month, v_day)
        + make_interval(
            hours => coalesce(v_parts[8]::integer, 0),
            mins => coalesce(v_parts[9]::integer, 0),
            secs => coalesce(v_parts[10]::integer, 0)
        )
        + round(coalesce(v_parts[11], '0')::numeric * 1000000)::bigint * interval '1 microsecond'
        - v_offset
    ) AT TIME ZONE 'UTC';
END;
$$;

COMMENT ON FUNCTION load_internal.timestamp_cell IS
'Year-first date, or month-first with slashes (day first when the first number exceeds 12), with optional time, fraction and zone; without a zone UTC. NULL for a blank cell and anything else.';
