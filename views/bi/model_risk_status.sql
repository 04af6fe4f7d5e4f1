-- bi.model_risk_status
-- Where each model stands: revalidation, approval, models list, and the dates behind them.
-- grain:    one row per model
-- requires: model_risk.model_status_by_model, model_risk.lob_ancestry_by_lob, model_risk.days_overdue(), model_risk.visible_model
-- requires: refresh.as_of_date()
-- source:   docs/bi.md, "Model risk"

CREATE OR REPLACE VIEW bi.model_risk_status WITH (security_barrier) AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    sta.model_id,
    mdl.model_name::text AS model_name,
    mdl.status AS lifecycle_status,
    mdl.is_model,
    tier.label AS tier_label,
    own.full_name AS owner_name,
    coalesce(team.name, 'Unassigned') AS team_name,
    line.business_line::text AS business_line,
    sta.revalidation_status,
    rev.severity AS revalidation_severity,
    sta.is_overdue,
    sta.last_validation_date AS last_validated_on,
    sta.next_submission_due AS submission_due_on,
    sta.grace_period_end AS grace_ends_on,
    sta.next_validation_due AS validation_due_on,
    sta.next_validation_due - clock.as_of AS days_until_validation_due,
    sta.approval_status,
    apr.label AS approval_label,
    sta.validation_status,
    sta.listed_validation_due AS listed_validation_due_on,
    model_risk.days_overdue(sta.listed_validation_due, sta.listed_grace_period_end, clock.as_of)
        AS days_overdue,
    sta.past_due_level,
    sta.next_change_on
FROM model_risk.visible_model AS visible
INNER JOIN model_risk.model_status_by_model AS sta ON visible.model_id = sta.model_id
CROSS JOIN clock
INNER JOIN model_risk.models AS mdl ON sta.model_id = mdl.model_id
INNER JOIN model_risk.users AS own ON mdl.owner_id = own.user_id
LEFT JOIN model_risk.risk_tiers AS tier ON mdl.risk_tier_id = tier.risk_tier_id
LEFT JOIN model_risk.lob_ancestry_by_lob AS line ON own.lob_id = line.lob_id
LEFT JOIN model_risk.teams AS team ON line.team_id = team.team_id
LEFT JOIN model_risk.revalidation_status_code AS rev ON sta.revalidation_status = rev.code
LEFT JOIN model_risk.approval_status_code AS apr ON sta.approval_status = apr.code;

COMMENT ON VIEW bi.model_risk_status IS
'Validation and approval status of every model. Grain: one row per model. Key: model_id. Days are calendar days of the business time zone. Data as of: the stored view model_risk.model_status_by_model, see bi.freshness.';
COMMENT ON COLUMN bi.model_risk_status.model_id IS 'Number of the model.';
COMMENT ON COLUMN bi.model_risk_status.model_name IS 'Name; not unique.';
COMMENT ON COLUMN bi.model_risk_status.lifecycle_status IS 'Active, In Development, Pending Decommission or Retired.';
COMMENT ON COLUMN bi.model_risk_status.is_model IS 'False: a tool that is only registered and has no approval status.';
COMMENT ON COLUMN bi.model_risk_status.tier_label IS 'Inherent risk tier; NULL: none.';
COMMENT ON COLUMN bi.model_risk_status.owner_name IS 'Full name of the owner.';
COMMENT ON COLUMN bi.model_risk_status.team_name IS 'Team the owner''s line of business answers to, or Unassigned.';
COMMENT ON COLUMN bi.model_risk_status.business_line IS 'Business line, level 5 of the hierarchy at most.';
COMMENT ON COLUMN bi.model_risk_status.revalidation_status IS 'One of thirteen statuses, see docs/model_risk.md.';
COMMENT ON COLUMN bi.model_risk_status.revalidation_severity IS '0 fine, 1 watch, 2 late, 3 act now.';
COMMENT ON COLUMN bi.model_risk_status.is_overdue IS 'Not validated within the required cycle.';
COMMENT ON COLUMN bi.model_risk_status.last_validated_on IS 'Day of the approval that started the current cycle.';
COMMENT ON COLUMN bi.model_risk_status.submission_due_on IS 'Last day for the submission, itself on time.';
COMMENT ON COLUMN bi.model_risk_status.grace_ends_on IS 'Last day of the grace period.';
COMMENT ON COLUMN bi.model_risk_status.validation_due_on IS 'Last day for the validation, itself on time.';
COMMENT ON COLUMN bi.model_risk_status.days_until_validation_due IS 'Days from today to validation_due_on; negative when past.';
COMMENT ON COLUMN bi.model_risk_status.approval_status IS 'Code of the approval status; NULL for tools.';
COMMENT ON COLUMN bi.model_risk_status.approval_label IS 'Approval status in words.';
COMMENT ON COLUMN bi.model_risk_status.validation_status IS 'Coarse status of the models list: current, due_soon, overdue.';
COMMENT ON COLUMN bi.model_risk_status.listed_validation_due_on IS 'Due date of the models list, itself overdue.';
COMMENT ON COLUMN bi.model_risk_status.days_overdue IS 'Days since the end of grace once overdue in the models list, else 0.';
COMMENT ON COLUMN bi.model_risk_status.past_due_level IS 'Bucket days_overdue falls in.';
COMMENT ON COLUMN bi.model_risk_status.next_change_on IS 'First day on which a status differs although no row changes; NULL: never.';

GRANT SELECT ON bi.model_risk_status TO tidemark_bi;
