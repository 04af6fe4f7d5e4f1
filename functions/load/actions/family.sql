-- load.family()
-- Registers a family of datasets: what its uploads may be told, and its hooks.
-- requires: nothing
-- source:   docs/loading.md, "Registering a dataset"

CREATE OR REPLACE FUNCTION load.family(
    p_family text,
    description text,
    parameters jsonb DEFAULT '{}',
    open_function text DEFAULT NULL,
    end_function text DEFAULT NULL
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO load.families AS fam (family_name, description, open_function, end_function)
    VALUES (p_family, family.description, family.open_function, family.end_function)
    ON CONFLICT (family_name) DO UPDATE
    SET description = excluded.description, open_function = excluded.open_function, end_function = excluded.end_function;

    DELETE FROM load.parameters AS par WHERE par.family_name = p_family;
    INSERT INTO load.parameters (family_name, parameter_name, description)
    SELECT p_family, par.key, par.value FROM jsonb_each_text(family.parameters) AS par;
END;
$$;

COMMENT ON FUNCTION load.family IS
'Idempotent. parameters: name to description. Hooks are names of functions (upload_id bigint); they may be created later.';

REVOKE ALL ON FUNCTION load.family FROM PUBLIC;
