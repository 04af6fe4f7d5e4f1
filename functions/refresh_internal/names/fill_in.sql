-- refresh_internal.fill_in()
-- Puts SQL fragments into a template that reads as SQL itself.
-- requires: nothing
-- source:   docs/refresh.md, "Generated code"

CREATE OR REPLACE FUNCTION refresh_internal.fill_in(p_template text, p_parts jsonb)
RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_result text := '';
    v_rest text := p_template;
    v_start integer;
    v_found text[];
BEGIN
    LOOP
        -- from left to right and once: a fragment may itself contain braces
        v_found := regexp_match(v_rest, '\{([a-z_]+)\}');
        EXIT WHEN v_found IS NULL;
        v_start := strpos(v_rest, '{' || v_found[1] || '}');
        v_result := v_result || left(v_rest, v_start - 1)
            || CASE WHEN p_parts ? v_found[1] THEN coalesce(p_parts ->> v_found[1], '') ELSE '{' || v_found[1] || '}' END;
        v_rest := substr(v_rest, v_start + length(v_found[1]) + 2);
    END LOOP;
    RETURN v_result || v_rest;
END;
$$;

COMMENT ON FUNCTION refresh_internal.fill_in IS
'Replaces each {name} by the part of that name; NULL leaves nothing, a name without a part stays as it is.';

REVOKE ALL ON FUNCTION refresh_internal.fill_in FROM PUBLIC;
