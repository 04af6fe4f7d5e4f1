-- Outcomes and approvals: what each validation concluded and who approved it

INSERT INTO model_risk.validation_outcomes (outcome_id, request_id, overall_rating, effective_date, expiration_date)
SELECT
    base.outcome_id + row_number() OVER (ORDER BY request.request_id),
    request.request_id,
    CASE WHEN pg_temp.draw(request.request_id, 120) < 0.05 THEN 'NOT_FIT_FOR_PURPOSE' ELSE 'FIT_FOR_PURPOSE' END,
    request.completed_on,
    CASE WHEN request.validation_type = 'INTERIM' AND pg_temp.draw(request.draw_id, 121) >= 0.04
            THEN request.completed_on + request.interim_days
    END
FROM pg_temp.generated_request AS request
CROSS JOIN (SELECT coalesce(max(outcome_id), 0) AS outcome_id FROM model_risk.validation_outcomes) AS base
WHERE request.current_status = 'APPROVED'
ORDER BY request.request_id;

INSERT INTO model_risk.validation_scorecard_results (result_id, request_id, overall_rating)
SELECT
    base.result_id + row_number() OVER (ORDER BY request.request_id),
    request.request_id,
    nullif(pg_temp.choose(
        pg_temp.draw(request.draw_id, 122), '{0.30,0.50,0.68,0.85,0.94,0.98}',
        '{Green,Green-,Yellow+,Yellow,Yellow-,Red,NONE}'
    ), 'NONE')
FROM pg_temp.generated_request AS request
CROSS JOIN (SELECT coalesce(max(result_id), 0) AS result_id FROM model_risk.validation_scorecard_results) AS base
WHERE
    request.current_status = 'APPROVED'
    AND request.validation_type IN ('INITIAL', 'COMPREHENSIVE')
    AND pg_temp.draw(request.draw_id, 123) < 0.92
ORDER BY request.request_id;

CREATE TEMP TABLE generated_approval ON COMMIT DROP AS
WITH wanted AS (
    SELECT
        request.*,
        request.current_status = 'APPROVED' AS is_granted
    FROM pg_temp.generated_request AS request
    WHERE request.current_status IN ('APPROVED', 'PENDING_APPROVAL')
)

SELECT
    wanted.request_id,
    wanted.is_granted,
    wanted.completed_at,
    wanted.requested_on,
    'Global' AS approval_type,
    'Global Approver' AS approver_role,
    NULL::integer AS region_id,
    NULL::integer AS conditional_role_id,
    wanted.request_id::bigint * 1024 AS draw_id
FROM wanted
UNION ALL
-- A full validation also needs each region that asks for an approval of its own.
SELECT
    wanted.request_id,
    wanted.is_granted,
    wanted.completed_at,
    wanted.requested_on,
    'Regional',
    'Regional Approver - ' || deployment.code,
    deployment.region_id,
    NULL,
    wanted.request_id::bigint * 1024 + 2 + deployment.region_id
FROM wanted
INNER JOIN pg_temp.generated_deployment AS deployment USING (n)
WHERE deployment.requires_regional_approval AND wanted.validation_type IN ('INITIAL', 'COMPREHENSIVE')
UNION ALL
SELECT
    wanted.request_id,
    wanted.is_granted,
    wanted.completed_at,
    wanted.requested_on,
    'Conditional',
    'Model Use Committee',
    NULL,
    pg_temp.draw_int(wanted.request_id, 124, 1, 4),
    wanted.request_id::bigint * 1024 + 1
FROM wanted
WHERE pg_temp.draw(wanted.draw_id, 125) < 0.15;

INSERT INTO model_risk.validation_approvals (
    approval_id, request_id, approver_id, approver_role, approval_type, region_id, conditional_role_id, is_required,
    approval_status, approved_at, voided_at, created_at
)
SELECT
    base.approval_id + row_number() OVER (ORDER BY approval.draw_id),
    approval.request_id,
    CASE WHEN approval.approval_status <> 'Pending' OR pg_temp.draw(approval.draw_id, 131) >= 0.68 THEN
            plan.user_base + plan.admins + CASE approval.approval_type
                WHEN 'Regional'
                    THEN plan.global_approvers + pg_temp.draw_int(approval.draw_id, 132, 1, plan.regional_approvers)
                ELSE pg_temp.draw_int(approval.draw_id, 132, 1, plan.global_approvers)
            END
    END,
    approval.approver_role,
    approval.approval_type,
    approval.region_id,
    approval.conditional_role_id,
    pg_temp.draw(approval.draw_id, 133) >= 0.05,
    approval.approval_status,
    CASE
        WHEN approval.approval_status IN ('Approved', 'Sent Back')
            THEN approval.decided_at - make_interval(days => pg_temp.draw_int(approval.draw_id, 134, 0, 8))
    END,
    CASE WHEN approval.approval_status = 'Removed' THEN approval.decided_at END,
    pg_temp.working_hour(approval.requested_on, 0.3 + 0.1 * pg_temp.draw(approval.draw_id, 135))
FROM (
    SELECT
        approval.*,
        pg_temp.choose(
            pg_temp.draw(approval.draw_id, 130),
            CASE WHEN approval.is_granted THEN '{0.81,0.923,0.972}' ELSE '{0.35,0.92,0.97}' END::double precision[],
            '{Approved,Pending,Sent Back,Removed}'
        ) AS approval_status,
        coalesce(approval.completed_at, pg_temp.working_hour(asked.as_of - 1, 0)) AS decided_at
    FROM pg_temp.generated_approval AS approval
    CROSS JOIN pg_temp.generated_plan AS asked
) AS approval
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN (SELECT coalesce(max(approval_id), 0) AS approval_id FROM model_risk.validation_approvals) AS base
ORDER BY approval.draw_id;

ANALYZE model_risk.validation_outcomes, model_risk.validation_scorecard_results, model_risk.validation_approvals;
