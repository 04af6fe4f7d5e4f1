-- {{schema}}.tg_{{name}}()
-- Say here in one sentence what follows from the change of a row.
-- requires: nothing
-- source:   docs/{{schema}}.md, "The heading that asks for it"

CREATE OR REPLACE FUNCTION {{schema}}.tg_{{name}}()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION {{schema}}.tg_{{name}} IS
'Say here what the trigger does and what it raises.';

REVOKE ALL ON FUNCTION {{schema}}.tg_{{name}} FROM PUBLIC;

CREATE OR REPLACE TRIGGER {{name}}
{{when}} {{event}} ON {{schema}}.{{table}}
FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.tg_{{name}}();
