-- Undo 0006_model_risk_attestation.

DROP TABLE model_risk.attestation_coverage_targets;
DROP TABLE model_risk.attestation_records;
DROP TABLE model_risk.attestation_cycles;
