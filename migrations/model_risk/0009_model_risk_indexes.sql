-- Indexes the model-risk reports read by; each is used by a plan in tests/scale or by a foreign key's delete.
-- depends: 0007_model_risk_monitoring
-- squawk-ignore-file require-concurrent-index-creation

CREATE INDEX lob_units_team_id_idx ON model_risk.lob_units (team_id);
CREATE INDEX users_lob_id_idx ON model_risk.users (lob_id);

CREATE INDEX models_status_idx ON model_risk.models (status);
CREATE INDEX models_owner_id_idx ON model_risk.models (owner_id);
CREATE INDEX models_risk_tier_id_idx ON model_risk.models (risk_tier_id);
CREATE INDEX models_methodology_id_idx ON model_risk.models (methodology_id);
CREATE INDEX model_versions_validation_request_id_idx
ON model_risk.model_versions (validation_request_id);
CREATE INDEX model_regions_region_id_model_id_idx
ON model_risk.model_regions (region_id, model_id);
CREATE INDEX model_regions_version_id_idx ON model_risk.model_regions (version_id);

CREATE INDEX validation_requests_prior_validation_request_id_idx
ON model_risk.validation_requests (prior_validation_request_id);
CREATE INDEX validation_requests_request_id_approved_idx
ON model_risk.validation_requests (request_id) WHERE current_status = 'APPROVED';
CREATE INDEX validation_request_models_model_id_request_id_idx
ON model_risk.validation_request_models (model_id, request_id);
CREATE INDEX validation_approvals_request_id_region_id_approval_type_idx
ON model_risk.validation_approvals (request_id, region_id, approval_type);
CREATE INDEX validation_approvals_approver_id_idx
ON model_risk.validation_approvals (approver_id);
CREATE INDEX model_approval_status_history_model_id_history_id_idx
ON model_risk.model_approval_status_history (model_id, history_id);

CREATE INDEX attestation_cycles_period_start_date_cycle_id_idx
ON model_risk.attestation_cycles (period_start_date DESC, cycle_id DESC);
CREATE INDEX attestation_records_cycle_id_status_idx
ON model_risk.attestation_records (cycle_id, status);
CREATE INDEX attestation_records_model_id_idx ON model_risk.attestation_records (model_id);

CREATE INDEX monitoring_plan_memberships_plan_id_model_id_idx
ON model_risk.monitoring_plan_memberships (plan_id, model_id);
CREATE INDEX monitoring_cycles_plan_id_idx ON model_risk.monitoring_cycles (plan_id);
CREATE INDEX monitoring_results_model_id_cycle_id_idx
ON model_risk.monitoring_results (model_id, cycle_id);
CREATE INDEX recommendations_model_id_open_idx
ON model_risk.recommendations (model_id) WHERE closed_at IS NULL;
CREATE INDEX recommendations_monitoring_cycle_id_idx
ON model_risk.recommendations (monitoring_cycle_id);
CREATE INDEX model_limitations_model_id_idx ON model_risk.model_limitations (model_id);
CREATE INDEX model_exceptions_model_id_idx ON model_risk.model_exceptions (model_id);
CREATE INDEX decommissioning_requests_model_id_idx
ON model_risk.decommissioning_requests (model_id);
