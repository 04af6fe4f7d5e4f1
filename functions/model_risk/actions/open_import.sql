-- model_risk.open_import()
-- Says before a file is read whether it may be imported at all.
-- requires: model_risk.monitoring_scope_of()
-- source:   docs/model_risk.md, "Imports"

CREATE OR REPLACE FUNCTION model_risk.open_import(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload load.uploads;
    v_user text;
    v_role_code text;
    v_cycle text;
    v_status text;
BEGIN
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    v_user := v_upload.parameters ->> 'user';
    v_cycle := v_upload.parameters ->> 'cycle';
    IF v_user IS NOT NULL THEN
        SELECT usr.role_code INTO v_role_code FROM model_risk.users AS usr WHERE usr.user_id::text = v_user;
        IF v_role_code IS NULL OR (v_role_code <> 'ADMIN' AND v_upload.dataset_name = 'model_risk.lob_hierarchy') THEN
            RAISE EXCEPTION USING
                ERRCODE = 'insufficient_privilege',
                MESSAGE = format('user %s may not import %s', v_user, v_upload.dataset_name),
                HINT = 'The hierarchy is imported by administrators, results by known users.';
        END IF;
    END IF;
    IF v_upload.dataset_name IS DISTINCT FROM 'model_risk.monitoring_results' THEN
        RETURN;
    END IF;

    SELECT cyc.status INTO v_status FROM model_risk.monitoring_cycles AS cyc WHERE cyc.cycle_id::text = v_cycle;
    IF v_status IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = 'Monitoring cycle not found',
            DETAIL = format('The cycle given is %s.', coalesce(v_cycle, 'none')),
            HINT = 'Give the number of a cycle: --set cycle=10.';
    ELSIF v_status NOT IN ('DATA_COLLECTION', 'UNDER_REVIEW') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('Cannot import results when cycle is in %s status', v_status),
            HINT = 'Results are taken in status DATA_COLLECTION and UNDER_REVIEW.';
    ELSIF NOT EXISTS (SELECT FROM model_risk.monitoring_scope_of(v_cycle::integer)) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = 'Cannot import results: Cycle has no model scope.',
            HINT = 'Add models to the cycle, or members to its plan.';
    ELSIF v_user IS NULL AND NOT v_upload.is_dry_run THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'nobody is named who enters the results',
            HINT = 'Give the number of a user: --set user=1.';
    END IF;
END;
$$;

COMMENT ON FUNCTION model_risk.open_import IS
'Hook of the loader. Raises P0002 for an unknown cycle, 55000 for a cycle that takes no results, 42501 for a user who may not import, 22023 when nobody is named.';

REVOKE ALL ON FUNCTION model_risk.open_import FROM PUBLIC;
