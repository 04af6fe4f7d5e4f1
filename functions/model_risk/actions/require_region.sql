-- model_risk.require_region()
-- Refuses a region filter that names no region.
-- requires: nothing
-- source:   docs/errors.md, "Model risk"

CREATE OR REPLACE FUNCTION model_risk.require_region(p_region_id integer)
RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_region_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM model_risk.regions AS reg WHERE reg.region_id = p_region_id)
    THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = format('region %s not found', p_region_id),
            DETAIL = 'No row of model_risk.regions has this region_id.',
            HINT = 'Give the region_id of an existing region, or NULL for all regions.';
    END IF;
END;
$$;

COMMENT ON FUNCTION model_risk.require_region IS
'Raises P0002 for an unknown region_id; NULL means all regions and passes.';

REVOKE ALL ON FUNCTION model_risk.require_region FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.require_region TO tidemark_app;
