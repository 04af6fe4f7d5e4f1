-- Issues: recommendations, limitations, exceptions and decommissioning requests

-- Up to three findings a model, 0.7 on average; with a monitoring cycle where the model was monitored.
WITH finding AS (
    SELECT
        mdl.n,
        mdl.model_id,
        mdl.n::bigint * 4 + nth.no AS draw_id,
        plan.as_of - pg_temp.draw_int(mdl.n::bigint * 4 + nth.no, 200, 1, 900) AS created_on,
        plan.as_of
    FROM pg_temp.generated_model AS mdl
    CROSS JOIN pg_temp.generated_plan AS plan
    CROSS JOIN LATERAL generate_series(
        1, pg_temp.choose(pg_temp.draw(mdl.n, 201), '{0.54,0.82,0.94}', '{0,1,2,3}')::integer
    ) AS nth (no)
),

dated AS (
    SELECT
        finding.*,
        -- Some of those that would close only after the day are still open on it.
        CASE WHEN pg_temp.draw(finding.draw_id, 202) < 0.66
                THEN finding.created_on + pg_temp.draw_int(finding.draw_id, 203, 0, 300)
        END AS closes_on,
        CASE WHEN pg_temp.draw(finding.draw_id, 204) >= 0.06
                THEN finding.created_on + pg_temp.draw_int(finding.draw_id, 205, 60, 540)
        END AS target_on
    FROM finding
)

INSERT INTO model_risk.recommendations (
    recommendation_id, recommendation_code, model_id, monitoring_cycle_id, title, priority, current_status,
    original_target_date, current_target_date, created_at, closed_at
)
SELECT
    numbered.recommendation_id,
    'REC-' || extract(YEAR FROM numbered.created_on) || '-' || to_char(numbered.recommendation_id, 'FM0000000'),
    numbered.model_id,
    cycle.cycle_id,
    (ARRAY[
        'Recalibrate to recent data', 'Document the assumptions', 'Add a benchmark', 'Test under stress',
        'Repair the data feed', 'Limit the range of use', 'Review the overrides'
    ])[pg_temp.draw_int(numbered.draw_id, 206, 1, 7)],
    pg_temp.choose(pg_temp.draw(numbered.draw_id, 207), '{0.20,0.60,0.90}', '{HIGH,MEDIUM,LOW,CONSIDERATION}'),
    CASE WHEN numbered.is_closed THEN 'REC_CLOSED' ELSE pg_temp.choose(
                pg_temp.draw(numbered.draw_id, 208), '{0.08,0.23,0.38,0.95}',
                '{REC_DRAFT,REC_PENDING_RESPONSE,REC_PENDING_ACTION_PLAN,REC_OPEN,REC_DROPPED}'
            )
    END,
    numbered.target_on - CASE WHEN pg_temp.draw(numbered.draw_id, 209) < 0.2 THEN 30 ELSE 0 END,
    numbered.target_on,
    pg_temp.working_hour(numbered.created_on, 0.5 * pg_temp.draw(numbered.draw_id, 210)),
    CASE WHEN numbered.is_closed
            THEN pg_temp.working_hour(numbered.closes_on, 0.5 + 0.5 * pg_temp.draw(numbered.draw_id, 211))
    END
FROM (
    SELECT
        dated.*,
        base.recommendation_id + row_number() OVER (ORDER BY dated.draw_id) AS recommendation_id,
        coalesce(dated.closes_on < dated.as_of, false) AS is_closed
    FROM dated
    CROSS JOIN (
        SELECT coalesce(max(recommendation_id), 0) AS recommendation_id FROM model_risk.recommendations
    ) AS base
) AS numbered
LEFT JOIN pg_temp.generated_member AS member ON numbered.n = member.n AND pg_temp.draw(numbered.draw_id, 212) < 0.6
LEFT JOIN LATERAL (
    SELECT candidate.cycle_id
    FROM pg_temp.generated_cycle AS candidate
    WHERE
        candidate.plan_no = member.plan_no
        AND candidate.ends_on <= numbered.created_on
        AND candidate.ends_on >= member.joined_on
    ORDER BY candidate.ends_on DESC
    LIMIT 1
) AS cycle ON true
ORDER BY numbered.recommendation_id;

INSERT INTO model_risk.model_limitations (limitation_id, model_id, significance, is_retired)
SELECT
    base.limitation_id + row_number() OVER (ORDER BY mdl.n, nth.no),
    mdl.model_id,
    CASE WHEN pg_temp.draw(mdl.n::bigint * 2 + nth.no, 221) < 0.3 THEN 'Critical' ELSE 'Non-Critical' END,
    pg_temp.draw(mdl.n::bigint * 2 + nth.no, 222) < 0.2
FROM pg_temp.generated_model AS mdl
CROSS JOIN generate_series(0, 1) AS nth (no)
CROSS JOIN (SELECT coalesce(max(limitation_id), 0) AS limitation_id FROM model_risk.model_limitations) AS base
WHERE pg_temp.draw(mdl.n::bigint * 2 + nth.no, 220) < 0.175
ORDER BY mdl.n, nth.no;

INSERT INTO model_risk.model_exceptions (
    exception_id, exception_code, model_id, exception_type, status, detected_at
)
SELECT
    numbered.exception_id,
    'EXC-' || extract(YEAR FROM numbered.detected_on) || '-' || to_char(numbered.exception_id, 'FM0000000'),
    numbered.model_id,
    pg_temp.choose(
        pg_temp.draw(numbered.n, 232), '{0.4,0.65}',
        '{UNMITIGATED_PERFORMANCE,OUTSIDE_INTENDED_PURPOSE,USE_PRIOR_TO_VALIDATION}'
    ),
    pg_temp.choose(pg_temp.draw(numbered.n, 233), '{0.30,0.45}', '{OPEN,ACKNOWLEDGED,CLOSED}'),
    pg_temp.working_hour(numbered.detected_on, pg_temp.draw(numbered.n, 234))
FROM (
    SELECT
        mdl.*,
        base.exception_id + row_number() OVER (ORDER BY mdl.n) AS exception_id,
        plan.as_of - pg_temp.draw_int(mdl.n, 231, 1, 900) AS detected_on
    FROM pg_temp.generated_model AS mdl
    CROSS JOIN pg_temp.generated_plan AS plan
    CROSS JOIN (SELECT coalesce(max(exception_id), 0) AS exception_id FROM model_risk.model_exceptions) AS base
    WHERE pg_temp.draw(mdl.n, 230) < 0.12
) AS numbered
ORDER BY numbered.exception_id;

-- A retired model was decommissioned by a request; a model on its way out has one pending.
INSERT INTO model_risk.decommissioning_requests (
    decommissioning_request_id, model_id, status, created_at, final_reviewed_at
)
SELECT
    base.decommissioning_request_id + row_number() OVER (ORDER BY request.n),
    request.model_id,
    request.request_status,
    pg_temp.working_hour(request.created_on, pg_temp.draw(request.n, 243)),
    CASE WHEN request.request_status IN ('APPROVED', 'REJECTED') THEN pg_temp.working_hour(
                least(request.created_on + pg_temp.draw_int(request.n, 244, 10, 90), plan.as_of - 1),
                pg_temp.draw(request.n, 245)
            )
    END
FROM (
    SELECT
        mdl.*,
        CASE mdl.status
            WHEN 'Retired' THEN 'APPROVED'
            WHEN 'Pending Decommission'
                THEN pg_temp.choose(pg_temp.draw(mdl.n, 241), '{0.7}', '{PENDING,VALIDATOR_APPROVED}')
            ELSE pg_temp.choose(pg_temp.draw(mdl.n, 241), '{0.7}', '{WITHDRAWN,REJECTED}')
        END AS request_status,
        asked.as_of - pg_temp.draw_int(mdl.n, 242, 100, CASE mdl.status WHEN 'Retired' THEN 2200 ELSE 400 END)
            AS created_on
    FROM pg_temp.generated_model AS mdl
    CROSS JOIN pg_temp.generated_plan AS asked
    WHERE pg_temp.draw(mdl.n, 240) < CASE mdl.status
            WHEN 'Retired' THEN 0.6
            WHEN 'Pending Decommission' THEN 1
            ELSE 0.011
        END
) AS request
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN (
    SELECT coalesce(max(decommissioning_request_id), 0) AS decommissioning_request_id
    FROM model_risk.decommissioning_requests
) AS base
ORDER BY request.n;

ANALYZE model_risk.recommendations, model_risk.model_limitations, model_risk.model_exceptions;
ANALYZE model_risk.decommissioning_requests;
