-- model_risk.approval
-- Whether each model may be used, by which approval, and the day on which that runs out by itself.
-- grain:    one row per model; a tool that is only registered has no status
-- requires: model_risk.model_status
-- source:   docs/model_risk.md, "The approval status"

CREATE OR REPLACE VIEW model_risk.approval AS
SELECT
    sta.model_id,
    sta.approval_status,
    sta.latest_approved_request_id,
    sta.latest_approved_type,
    sta.is_approval_overdue AS is_overdue,
    sta.approval_due_on AS next_validation_due,
    sta.substantive_request_id AS active_request_id,
    sta.substantive_request_status AS active_request_status,
    sta.approval_change_on AS next_change_on
FROM model_risk.model_status AS sta;

COMMENT ON VIEW model_risk.approval IS
'Approval status per model on refresh.as_of_date(). Never validated: only the status is filled. Whether the approvals of that request are complete is in model_risk.approval_completeness and never changes the status.';
COMMENT ON COLUMN model_risk.approval.active_request_id IS
'Newest request on which real work goes on; looked up only once the approval has run out.';
COMMENT ON COLUMN model_risk.approval.next_change_on IS
'Day on which a standing approval runs out although no row changes; NULL: never, or already over.';

GRANT SELECT ON model_risk.approval TO tidemark_app, tidemark_operator;
