-- load_internal.lock_parameters_of()
-- Makes loads that write the same rows come one after the other.
-- requires: nothing
-- source:   docs/loading.md, "Side by side"

CREATE OR REPLACE FUNCTION load_internal.lock_parameters_of(p_upload_id bigint)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_name text;
    v_values text[];
BEGIN
    SELECT dat.dataset_name, array(SELECT upl.parameters ->> par.name FROM unnest(dat.lock_parameters) AS par (name))
    INTO v_name, v_values
    FROM load.uploads AS upl
    INNER JOIN load.datasets AS dat ON upl.dataset_name = dat.dataset_name
    WHERE upl.upload_id = p_upload_id;
    IF array_position(v_values, NULL) IS NOT NULL THEN
        RETURN FALSE;
    END IF;
    -- two different keys may share a number; then they wait without need, which does no harm
    PERFORM pg_advisory_xact_lock(hashtext('tidemark.load ' || v_name), hashtext(v_values::text));
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION load_internal.lock_parameters_of IS
'Waits for other loads of the dataset with the same lock_parameters; held to the end of the transaction. False, and no lock, while one of the parameters is not known.';

REVOKE ALL ON FUNCTION load_internal.lock_parameters_of FROM PUBLIC;
