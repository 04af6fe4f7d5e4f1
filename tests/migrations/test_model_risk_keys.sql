-- Keys of all tables of model_risk: what identifies a row, what it points to, what may be missing.
BEGIN;
SELECT plan(4);
SET LOCAL tidemark.as_of = '2025-06-30';

SELECT is_empty(
    $$SELECT cls.relname FROM pg_class AS cls
    WHERE cls.relnamespace = 'model_risk'::regnamespace AND cls.relkind = 'r'
        AND NOT EXISTS (SELECT FROM pg_constraint AS con WHERE con.conrelid = cls.oid AND con.contype = 'p')$$,
    'Every table has a primary key'
);
SELECT is_empty(
    $$SELECT con.conname FROM pg_constraint AS con
    WHERE con.connamespace = 'model_risk'::regnamespace AND NOT con.convalidated$$,
    'No constraint is left unvalidated'
);
-- n: set NULL, c: cascade, r: restrict, a: refuse
SELECT set_eq(
    $$SELECT con.conname::text, con.confrelid::regclass::text, con.confdeltype::text FROM pg_constraint AS con
    WHERE con.connamespace = 'model_risk'::regnamespace AND con.contype = 'f'$$,
    $$VALUES
    ('lob_units_parent_id_fkey', 'model_risk.lob_units', 'r'),
    ('lob_units_team_id_fkey', 'model_risk.teams', 'n'),
    ('users_lob_id_fkey', 'model_risk.lob_units', 'a'),
    ('validation_policies_risk_tier_id_fkey', 'model_risk.risk_tiers', 'a'),
    ('methodologies_category_id_fkey', 'model_risk.methodology_categories', 'a'),
    ('residual_risk_map_cells_map_id_fkey', 'model_risk.residual_risk_maps', 'c'),
    ('models_owner_id_fkey', 'model_risk.users', 'a'),
    ('models_risk_tier_id_fkey', 'model_risk.risk_tiers', 'a'),
    ('models_methodology_id_fkey', 'model_risk.methodologies', 'a'),
    ('model_versions_model_id_fkey', 'model_risk.models', 'c'),
    ('model_versions_validation_request_id_fkey', 'model_risk.validation_requests', 'n'),
    ('model_regions_model_id_fkey', 'model_risk.models', 'c'),
    ('model_regions_region_id_fkey', 'model_risk.regions', 'a'),
    ('model_regions_version_id_fkey', 'model_risk.model_versions', 'a'),
    ('validation_requests_validation_type_fkey', 'model_risk.validation_types', 'a'),
    ('validation_requests_current_status_fkey', 'model_risk.validation_request_statuses', 'a'),
    ('validation_requests_prior_validation_request_id_fkey', 'model_risk.validation_requests', 'n'),
    ('validation_requests_validated_risk_tier_id_fkey', 'model_risk.risk_tiers', 'a'),
    ('validation_request_models_request_id_fkey', 'model_risk.validation_requests', 'c'),
    ('validation_request_models_model_id_fkey', 'model_risk.models', 'c'),
    ('validation_request_models_version_id_fkey', 'model_risk.model_versions', 'n'),
    ('validation_outcomes_request_id_fkey', 'model_risk.validation_requests', 'c'),
    ('validation_scorecard_results_request_id_fkey', 'model_risk.validation_requests', 'c'),
    ('validation_approvals_request_id_fkey', 'model_risk.validation_requests', 'c'),
    ('validation_approvals_approver_id_fkey', 'model_risk.users', 'a'),
    ('validation_approvals_region_id_fkey', 'model_risk.regions', 'a'),
    ('model_approval_status_history_model_id_fkey', 'model_risk.models', 'c'),
    ('attestation_records_cycle_id_fkey', 'model_risk.attestation_cycles', 'c'),
    ('attestation_records_model_id_fkey', 'model_risk.models', 'a'),
    ('attestation_records_attesting_user_id_fkey', 'model_risk.users', 'a'),
    ('attestation_coverage_targets_risk_tier_id_fkey', 'model_risk.risk_tiers', 'a'),
    ('monitoring_plan_memberships_plan_id_fkey', 'model_risk.monitoring_plans', 'a'),
    ('monitoring_plan_memberships_model_id_fkey', 'model_risk.models', 'c'),
    ('monitoring_plan_metrics_plan_id_fkey', 'model_risk.monitoring_plans', 'a'),
    ('monitoring_cycles_plan_id_fkey', 'model_risk.monitoring_plans', 'a'),
    ('monitoring_cycle_model_scopes_cycle_id_fkey', 'model_risk.monitoring_cycles', 'c'),
    ('monitoring_cycle_model_scopes_model_id_fkey', 'model_risk.models', 'c'),
    ('monitoring_results_cycle_id_fkey', 'model_risk.monitoring_cycles', 'c'),
    ('monitoring_results_plan_metric_id_fkey', 'model_risk.monitoring_plan_metrics', 'a'),
    ('monitoring_results_model_id_fkey', 'model_risk.models', 'c'),
    ('monitoring_results_entered_by_user_id_fkey', 'model_risk.users', 'a'),
    ('recommendations_model_id_fkey', 'model_risk.models', 'c'),
    ('recommendations_monitoring_cycle_id_fkey', 'model_risk.monitoring_cycles', 'n'),
    ('model_limitations_model_id_fkey', 'model_risk.models', 'c'),
    ('model_exceptions_model_id_fkey', 'model_risk.models', 'c'),
    ('decommissioning_requests_model_id_fkey', 'model_risk.models', 'c')$$,
    'Rows point to the tables they should, and outlive or follow them as they should'
);
SELECT set_eq(
    $$SELECT cls.relname::text, string_agg(att.attname, ' ' ORDER BY att.attnum) FROM pg_attribute AS att
    INNER JOIN pg_class AS cls ON att.attrelid = cls.oid
    WHERE cls.relnamespace = 'model_risk'::regnamespace AND cls.relkind = 'r' AND att.attnum > 0
        AND NOT att.attisdropped AND NOT att.attnotnull
    GROUP BY cls.relname$$,
    $$VALUES
    ('attestation_coverage_targets', 'end_date'),
    ('attestation_cycles', 'opened_at closed_at'),
    ('attestation_records', 'attested_at decision'),
    ('decommissioning_requests', 'final_reviewed_at'),
    ('lob_units', 'parent_id team_id description contact_name org_description legal_entity_id legal_entity_name '
        || 'short_name status_code tier'),
    ('model_approval_status_history', 'old_status notes'),
    ('model_regions', 'version_id deployed_at deployment_notes'),
    ('model_versions', 'validation_request_id'),
    ('models', 'risk_tier_id methodology_id use_approval_date'),
    ('monitoring_cycles', 'submitted_at'),
    ('monitoring_plan_memberships', 'effective_to'),
    ('monitoring_plan_metrics', 'yellow_min yellow_max red_min red_max'),
    ('monitoring_results', 'model_id numeric_value calculated_outcome narrative'),
    ('past_due_levels', 'min_days max_days'),
    ('recommendations', 'monitoring_cycle_id original_target_date current_target_date closed_at'),
    ('risk_tiers', 'residual_key'),
    ('validation_approvals', 'approver_id region_id conditional_role_id approved_at voided_at'),
    ('validation_outcomes', 'expiration_date'),
    ('validation_request_models', 'version_id'),
    ('validation_requests', 'prior_validation_request_id submission_received_date completion_date validated_risk_tier_id'),
    ('validation_scorecard_results', 'overall_rating')$$,
    'Only what a report can do without may be missing'
);
SELECT * FROM finish();
ROLLBACK;
