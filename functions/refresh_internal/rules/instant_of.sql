-- refresh_internal.instant_of()
-- Reads a day, a local time or an instant written in ISO form; the session's TimeZone and DateStyle play no part.
-- requires: nothing
-- source:   docs/refresh.md, "The clock"

-- PL/pgSQL because SQL cannot raise an error with a hint. No exception block: that would
-- forbid parallel plans. No SET clause: it doubles the time of a call, and every name below is in pg_catalog.
CREATE OR REPLACE FUNCTION refresh_internal.instant_of(iso text, time_zone text)
RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    c_form CONSTANT text := '^((?!0000)\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])'
        '(?:[ T]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?) ?(Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)?)?$';
    v_part text[] := regexp_match(instant_of.iso, c_form);
    v_last_day integer;
    v_local timestamp;
    v_offset interval;
BEGIN
    IF instant_of.iso IS NULL THEN
        RETURN NULL;
    END IF;
    IF v_part IS NOT NULL THEN
        v_last_day := extract(DAY FROM make_date(v_part[1]::integer, v_part[2]::integer, 1) + interval '1 month - 1 day');
    END IF;
    IF v_part IS NULL OR v_part[3]::integer > v_last_day THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a day or an instant', instant_of.iso),
            DETAIL = 'The setting tidemark.as_of takes a day, a local time in the business time zone, or an instant with its offset.',
            HINT = 'Write it like 2025-06-30, 2025-06-30 17:00 or 2025-06-30 17:00+02; an empty value means the present moment.';
    END IF;
    v_local := make_timestamp(v_part[1]::integer, v_part[2]::integer, v_part[3]::integer, 0, 0, 0)
        + coalesce(v_part[4], '00:00')::interval;
    IF v_part[5] IS NULL THEN
        RETURN v_local AT TIME ZONE instant_of.time_zone;
    END IF;
    v_offset := CASE v_part[5]
        WHEN 'Z' THEN interval '0'
        ELSE make_interval(hours => left(v_part[5], 3)::integer,
            mins => (left(v_part[5], 1) || coalesce(nullif(right(replace(v_part[5], ':', ''), -3), ''), '0'))::integer)
    END;
    RETURN (v_local - v_offset) AT TIME ZONE 'UTC';
END;
$$;

COMMENT ON FUNCTION refresh_internal.instant_of IS
'Instant meant by an ISO text: a day is its first moment in the given time zone, a local time is read in that zone, an offset decides by itself. Raises 22023 for anything else.';
