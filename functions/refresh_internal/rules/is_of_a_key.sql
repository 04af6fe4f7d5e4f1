-- refresh_internal.is_of_a_key()
-- Tells errors that the data of some keys raise from errors that stop every key.
-- requires: nothing
-- source:   docs/refresh.md, "Failures"

CREATE OR REPLACE FUNCTION refresh_internal.is_of_a_key(p_code text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN
    -- connection, feature, transaction, authorization, conflict, definition, resources, locks, operator, system, internal
    left(p_code, 2) NOT IN ('08', '0A', '25', '28', '2D', '3B', '40', '42', '53', '55', '57', '58', 'F0', 'XX')
    -- two rows of one key: the declared key is none
    AND p_code <> '23505';

COMMENT ON FUNCTION refresh_internal.is_of_a_key IS
'True for an SQLSTATE such as 22012 (division by zero) or P0001 (raised by a function): leaving the keys out that raise it lets the others through.';

REVOKE ALL ON FUNCTION refresh_internal.is_of_a_key FROM PUBLIC;
