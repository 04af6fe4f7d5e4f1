-- Undo 0007_model_risk_monitoring.

DROP TABLE model_risk.decommissioning_requests;
DROP TABLE model_risk.model_exceptions;
DROP TABLE model_risk.model_limitations;
DROP TABLE model_risk.recommendations;
DROP TABLE model_risk.monitoring_results;
DROP TABLE model_risk.monitoring_cycle_model_scopes;
DROP TABLE model_risk.monitoring_cycles;
DROP TABLE model_risk.monitoring_plan_metrics;
DROP TABLE model_risk.monitoring_plan_memberships;
DROP TABLE model_risk.monitoring_plans;
