-- load_internal.find_dataset()
-- Which family and dataset a caller means.
-- requires: nothing
-- source:   docs/loading.md, "Kinds of file"

CREATE OR REPLACE FUNCTION load_internal.find_dataset(
    p_name text, p_kind text, OUT family_name text, OUT dataset_name text, OUT is_unknown_kind boolean
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_kind text := lower(btrim(coalesce(p_kind, '')) COLLATE "C");
BEGIN
    is_unknown_kind := FALSE;
    SELECT dat.family_name, dat.dataset_name INTO find_dataset.family_name, find_dataset.dataset_name
    FROM load.datasets AS dat
    WHERE dat.dataset_name = p_name;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT fam.family_name INTO find_dataset.family_name FROM load.families AS fam WHERE fam.family_name = p_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'undefined_object',
            MESSAGE = format('there is no dataset %s', p_name),
            DETAIL = coalesce(
                (SELECT format('Datasets: %s.', string_agg(dat.dataset_name, ', ' ORDER BY dat.dataset_name)) FROM load.datasets AS dat),
                'No dataset is registered.'
            ),
            HINT = 'See tidemark load datasets.';
    END IF;
    IF v_kind NOT IN ('', 'auto') THEN
        SELECT dat.dataset_name INTO find_dataset.dataset_name
        FROM load.datasets AS dat
        WHERE dat.family_name = find_dataset.family_name AND v_kind = ANY (dat.kind_names);
        is_unknown_kind := NOT FOUND;
    END IF;
END;
$$;

COMMENT ON FUNCTION load_internal.find_dataset IS
'dataset_name NULL: the header will tell, or is_unknown_kind. Raises 42704 for a name that is neither dataset nor family.';

REVOKE ALL ON FUNCTION load_internal.find_dataset FROM PUBLIC;
