-- model_risk.tracked_tables
-- Policies, limits, codes of statuses and the decisions of validators are recorded.
-- requires: audit.track()
-- source:   docs/audit.md, "What is followed"

SELECT audit.track('model_risk.risk_tiers');
SELECT audit.track('model_risk.validation_policies');
SELECT audit.track('model_risk.validation_workflow_slas');
SELECT audit.track('model_risk.validation_types');
SELECT audit.track('model_risk.validation_request_statuses');
SELECT audit.track('model_risk.past_due_levels');
SELECT audit.track('model_risk.residual_risk_maps');
SELECT audit.track('model_risk.residual_risk_map_cells');
SELECT audit.track('model_risk.validation_approvals');
SELECT audit.track('model_risk.attestation_coverage_targets');
SELECT audit.track('model_risk.attestation_records');
SELECT audit.track('model_risk.revalidation_status_code');
SELECT audit.track('model_risk.approval_status_code');
SELECT audit.track('model_risk.validation_status_code');
SELECT audit.track('model_risk.model_exceptions');
