-- model_risk.approved_request
-- Approved validation requests of each model, ranked in the orders the rules ask for.
-- grain:    one row per approved request and model it covers
-- requires: nothing
-- source:   docs/model_risk.md, "Which request counts as the last"

CREATE OR REPLACE VIEW model_risk.approved_request AS
SELECT
    link.model_id,
    req.request_id,
    req.validation_type,
    typ.is_full,
    req.completion_date,
    req.updated_at,
    row_number() OVER (
        PARTITION BY link.model_id ORDER BY req.updated_at DESC, req.request_id DESC
    ) AS update_rank,
    row_number() OVER (
        PARTITION BY link.model_id
        ORDER BY req.completion_date DESC NULLS LAST, req.updated_at DESC, req.request_id DESC
    ) AS completion_rank,
    row_number() OVER (
        PARTITION BY link.model_id, typ.is_full
        ORDER BY req.completion_date DESC NULLS LAST, req.updated_at DESC, req.request_id DESC
    ) AS full_rank
FROM model_risk.validation_request_models AS link
INNER JOIN model_risk.validation_requests AS req ON link.request_id = req.request_id
INNER JOIN model_risk.validation_types AS typ ON req.validation_type = typ.type_code
WHERE req.current_status = 'APPROVED';

COMMENT ON VIEW model_risk.approved_request IS
'Approved requests per model. update_rank 1 starts the revalidation clock, completion_rank 1 names the approval in force; full_rank orders full validations (and, apart, all others).';

GRANT SELECT ON model_risk.approved_request TO tidemark_app, tidemark_operator;
