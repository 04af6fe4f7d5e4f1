-- {{schema}}.{{name}}()
-- Say here in one sentence what this does for its caller.
-- requires: nothing
-- source:   docs/{{schema}}.md, "The heading that asks for it"

CREATE OR REPLACE FUNCTION {{schema}}.{{name}}(p_thing_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_thing_id IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'null_value_not_allowed',
            MESSAGE = 'the number of the thing is missing',
            HINT = 'Give a thing_id.';
    END IF;
END;
$$;

COMMENT ON FUNCTION {{schema}}.{{name}} IS
'Say here what it does, what it returns and what it raises. Raises 22004.';

REVOKE ALL ON FUNCTION {{schema}}.{{name}} FROM PUBLIC;
