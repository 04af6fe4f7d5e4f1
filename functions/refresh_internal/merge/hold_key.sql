-- refresh_internal.hold_key()
-- Keeps a key aside that could not be computed.
-- requires: nothing
-- source:   docs/refresh.md, "Failures"

CREATE OR REPLACE FUNCTION refresh_internal.hold_key(
    p_view_id integer, p_key_columns text[], p_key jsonb, p_code text, p_message text
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE refresh.held_keys AS held SET
        error_code = p_code,
        error_message = p_message,
        try_count = held.try_count + 1,
        retry_at = clock_timestamp() + least(interval '30 seconds' * 2 ^ least(held.try_count, 10), interval '1 hour')
    WHERE held.view_id = p_view_id AND held.key_columns = p_key_columns AND held.key = p_key;
    IF NOT FOUND THEN
        INSERT INTO refresh.held_keys (view_id, key_columns, key, error_code, error_message, retry_at)
        VALUES (p_view_id, p_key_columns, p_key, p_code, p_message, clock_timestamp() + interval '30 seconds');
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.hold_key IS
'p_key: an object of the columns p_key_columns. The next try comes after 30 seconds, doubling up to an hour, or with the next change of the key.';

REVOKE ALL ON FUNCTION refresh_internal.hold_key FROM PUBLIC;
