-- Model risk: its schema, and who may look into it.
-- replaces: 0001_shared_schemas
-- depends: 0001_core_schemas

CREATE SCHEMA model_risk;
COMMENT ON SCHEMA model_risk IS
'Model risk management: inventory, validation, attestation, monitoring.';

GRANT USAGE ON SCHEMA model_risk TO tidemark_app, tidemark_operator;
