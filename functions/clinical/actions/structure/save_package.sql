-- clinical.save_package()
-- Makes a package, or gives one another name.
-- requires: clinical.may(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Labels"

CREATE OR REPLACE FUNCTION clinical.save_package(
    p_actor_id integer, p_package_name text, p_package_id integer DEFAULT NULL, OUT status text, OUT saved_id integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_before clinical.packages;
    v_after clinical.packages;
BEGIN
    IF clinical.may(p_actor_id, 'package.manage') THEN
        SELECT pkg.* INTO v_before FROM clinical.packages AS pkg WHERE pkg.id = p_package_id FOR NO KEY UPDATE;
    END IF;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'package.manage') THEN 'forbidden'
        WHEN v_before.id IS DISTINCT FROM p_package_id THEN 'package_not_found'
        WHEN coalesce(length(p_package_name) NOT BETWEEN 1 AND 255, TRUE) THEN 'value_invalid'
        WHEN EXISTS (
            SELECT FROM clinical.packages AS pkg
            WHERE pkg.package_name = p_package_name AND pkg.id IS DISTINCT FROM p_package_id
        ) THEN 'name_exists'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        BEGIN
            IF p_package_id IS NULL THEN
                INSERT INTO clinical.packages AS pkg (package_name) VALUES (p_package_name) RETURNING pkg.* INTO v_after;
            ELSE
                UPDATE clinical.packages AS pkg SET package_name = p_package_name WHERE pkg.id = p_package_id RETURNING pkg.* INTO v_after;
            END IF;
        EXCEPTION
            WHEN unique_violation THEN  -- somebody else was faster
                status := 'name_exists';
        END;
    END IF;
    IF status = 'ok' THEN
        saved_id := v_after.id;
        PERFORM clinical.record_saved(
            p_actor_id, 'package', CASE WHEN v_before.id IS NOT NULL THEN to_jsonb(v_before) END, to_jsonb(v_after)
        );
    END IF;
    PERFORM clinical.note_write('save_package', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.save_package IS
'Without p_package_id a new one. status: ok, forbidden, package_not_found, value_invalid (1 to 255 characters), name_exists.';

REVOKE ALL ON FUNCTION clinical.save_package FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.save_package TO tidemark_app;
