-- model_risk.require_attestation_cycle()
-- Refuses an attestation cycle that does not exist.
-- requires: nothing
-- source:   docs/errors.md, "Model risk"

CREATE OR REPLACE FUNCTION model_risk.require_attestation_cycle(p_cycle_id integer)
RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM model_risk.attestation_cycles AS cyc WHERE cyc.cycle_id = p_cycle_id
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = format('attestation cycle %s not found', coalesce(p_cycle_id::text, 'NULL')),
            DETAIL = 'No row of model_risk.attestation_cycles has this cycle_id.',
            HINT = 'List the cycles with model_risk.attestation_cycle_list().';
    END IF;
END;
$$;

COMMENT ON FUNCTION model_risk.require_attestation_cycle IS
'Raises P0002 for an unknown cycle_id or NULL; otherwise does nothing.';

REVOKE ALL ON FUNCTION model_risk.require_attestation_cycle FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.require_attestation_cycle TO tidemark_app;
