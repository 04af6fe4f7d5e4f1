-- Validation requests: past validations, reviews between them, revalidations under way, cancelled ones
-- Kinds, in the order of their part: 0 review before the first full validation, 1 to 4 full validations or interim
-- approvals, 5 review after the last full validation, 6 revalidation under way, 7 cancelled, 8 other work under way.
-- Parts 5 and 8 belong to one model; all others to the family of their leader n.

CREATE TEMP TABLE generated_request ON COMMIT DROP AS
WITH piece AS (
    SELECT
        chain.n,
        0 AS part,
        chain.n AS for_leader,
        CASE WHEN pg_temp.draw(chain.n, 60) < 0.6 THEN 'INTERIM' ELSE 'TARGETED' END AS validation_type,
        'APPROVED' AS current_status,
        chain.last_completed_on - (chain.full_count - 1) * chain.gap_days - pg_temp.draw_int(chain.n, 61, 200, 400)
            AS completed_on
    FROM pg_temp.generated_chain AS chain
    WHERE chain.full_count > 0 AND pg_temp.draw(chain.n, 62) < 0.85
    UNION ALL
    SELECT
        chain.n,
        nth.no,
        chain.n AS for_leader,
        CASE WHEN nth.no = 1 THEN 'INITIAL' ELSE 'COMPREHENSIVE' END,
        'APPROVED',
        chain.last_completed_on - (chain.full_count - nth.no) * chain.gap_days
    FROM pg_temp.generated_chain AS chain
    CROSS JOIN LATERAL generate_series(1, chain.full_count) AS nth (no)
    UNION ALL
    SELECT
        chain.n,
        nth.no,
        chain.n AS for_leader,
        'INTERIM',
        'APPROVED',
        chain.last_completed_on - (2 - nth.no) * pg_temp.draw_int(chain.n, 63, 150, 250)
    FROM pg_temp.generated_chain AS chain
    CROSS JOIN generate_series(1, 2) AS nth (no)
    WHERE chain.history = 'INTERIM' AND (nth.no = 2 OR pg_temp.draw(chain.n, 64) < 0.15)
    UNION ALL
    SELECT
        mdl.n,
        5,
        NULL,
        CASE WHEN pg_temp.draw(mdl.n, 65) < 0.5 THEN 'INTERIM' ELSE 'TARGETED' END,
        'APPROVED',
        chain.last_completed_on
        + 30 + floor(pg_temp.draw(mdl.n, 66) * (plan.as_of - chain.last_completed_on - 35))::integer
    FROM pg_temp.generated_model AS mdl
    INNER JOIN pg_temp.generated_chain AS chain ON mdl.leader = chain.n
    CROSS JOIN pg_temp.generated_plan AS plan
    WHERE chain.full_count > 0 AND plan.as_of - chain.last_completed_on > 60 AND pg_temp.draw(mdl.n, 67) < 0.11
    UNION ALL
    SELECT
        chain.n,
        6,
        chain.n AS for_leader,
        CASE WHEN chain.history = 'NEVER' THEN 'INITIAL' ELSE 'COMPREHENSIVE' END,
        pg_temp.choose(
            pg_temp.draw(chain.n, 68), '{0.20,0.40,0.70,0.82,0.92,0.95}',
            '{INTAKE,PLANNING,IN_PROGRESS,REVIEW,PENDING_APPROVAL,REVISION,ON_HOLD}'
        ),
        NULL
    FROM pg_temp.generated_chain AS chain
    WHERE chain.is_revalidated OR (chain.history = 'NEVER' AND pg_temp.draw(chain.n, 69) < 0.5)
    UNION ALL
    SELECT
        chain.n,
        7,
        chain.n AS for_leader,
        CASE WHEN chain.full_count > 0 THEN 'COMPREHENSIVE' ELSE 'INITIAL' END,
        'CANCELLED',
        NULL
    FROM pg_temp.generated_chain AS chain
    WHERE pg_temp.draw(chain.n, 70) < 0.18
    UNION ALL
    SELECT
        mdl.n,
        8,
        NULL,
        CASE WHEN pg_temp.draw(mdl.n, 71) < 0.5 THEN 'INTERIM' ELSE 'TARGETED' END,
        pg_temp.choose(pg_temp.draw(mdl.n, 72), '{0.25,0.5,0.8}', '{INTAKE,PLANNING,IN_PROGRESS,REVIEW}'),
        NULL
    FROM pg_temp.generated_model AS mdl
    WHERE pg_temp.draw(mdl.n, 73) < 0.025
),

dated AS (
    SELECT
        piece.*,
        piece.n::bigint * 16 + piece.part AS draw_id,
        chain.risk_tier_id,
        chain.interim_days,
        CASE
            WHEN piece.completed_on IS NOT NULL
                THEN piece.completed_on - pg_temp.draw_int(piece.n::bigint * 16 + piece.part, 74, 40, 200)
            WHEN piece.part = 7 THEN plan.as_of - pg_temp.draw_int(piece.n, 75, 100, 1200)
            -- Work under way began after the last validation, if that was not long ago.
            ELSE greatest(
                    plan.as_of - pg_temp.draw_int(piece.n::bigint * 16 + piece.part, 76, 5, 210),
                    least(chain.last_completed_on + 1, plan.as_of - 1)
                )
        END AS requested_on
    FROM piece
    INNER JOIN pg_temp.generated_model AS mdl USING (n)
    INNER JOIN pg_temp.generated_chain AS chain ON mdl.leader = chain.n
    CROSS JOIN pg_temp.generated_plan AS plan
)

SELECT
    base.request_id + row_number() OVER (ORDER BY dated.n, dated.part) AS request_id,
    dated.*,
    CASE WHEN dated.completed_on IS NOT NULL
            THEN pg_temp.working_hour(dated.completed_on, 0.8 * pg_temp.draw(dated.draw_id, 77))
    END AS completed_at,
    pg_temp.working_hour(
        CASE
            -- Three approved requests in a hundred were edited again months later.
            WHEN dated.completed_on IS NOT NULL AND pg_temp.draw(dated.draw_id, 78) < 0.03
                THEN greatest(
                        dated.completed_on,
                        least(dated.completed_on + pg_temp.draw_int(dated.draw_id, 79, 40, 240), plan.as_of - 1)
                    )
            WHEN dated.completed_on IS NOT NULL THEN dated.completed_on
            ELSE least(dated.requested_on + pg_temp.draw_int(dated.draw_id, 80, 1, 90), plan.as_of - 1)
        END, 0.8 + 0.2 * pg_temp.draw(dated.draw_id, 81)
    ) AS updated_at
FROM dated
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN (SELECT coalesce(max(request_id), 0) AS request_id FROM model_risk.validation_requests) AS base;

CREATE INDEX ON pg_temp.generated_request (request_id);
ANALYZE pg_temp.generated_request;

WITH linked AS (
    SELECT
        request.*,
        lag(request.request_id) OVER (PARTITION BY request.n ORDER BY request.part) AS before_id,
        -- The request the revalidation clock runs from: of those approved the one edited last.
        first_value(CASE WHEN request.current_status = 'APPROVED' THEN request.request_id END) OVER (
            PARTITION BY request.n
            ORDER BY request.current_status = 'APPROVED' DESC, request.updated_at DESC, request.request_id DESC
        ) AS last_approved_id
    FROM pg_temp.generated_request AS request
)

INSERT INTO model_risk.validation_requests (
    request_id, validation_type, current_status, priority, request_date, prior_validation_request_id,
    submission_received_date, target_completion_date, completion_date, validated_risk_tier_id, created_at, updated_at
)
SELECT
    request.request_id,
    request.validation_type,
    request.current_status,
    CASE WHEN pg_temp.draw(request.draw_id, 82) < 0.12 THEN 'URGENT' ELSE 'STANDARD' END,
    request.requested_on,
    CASE
        WHEN request.part IN (2, 3, 4) AND request.validation_type = 'COMPREHENSIVE' THEN request.before_id
        WHEN request.part = 6 THEN request.last_approved_id
    END,
    CASE WHEN request.completed_on IS NOT NULL OR pg_temp.draw(request.draw_id, 83) < CASE request.current_status
                WHEN 'INTAKE' THEN 0.1
                WHEN 'PLANNING' THEN 0.3
                WHEN 'IN_PROGRESS' THEN 0.6
                WHEN 'CANCELLED' THEN 0.3
                ELSE 0.85
            END THEN least(
                request.requested_on + pg_temp.draw_int(request.draw_id, 84, 5, 60),
                coalesce(request.completed_on, plan.as_of)
            )
    END,
    request.requested_on + pg_temp.draw_int(request.draw_id, 85, 120, 200),
    CASE WHEN pg_temp.draw(request.draw_id, 86) >= 0.01 THEN request.completed_at END,
    -- The tier at approval is nearly always still the tier of today.
    CASE
        WHEN request.current_status <> 'APPROVED' OR pg_temp.draw(request.draw_id, 87) < 0.02 THEN NULL
        WHEN pg_temp.draw(request.draw_id, 88) < 0.04 THEN other_tier.risk_tier_id
        ELSE request.risk_tier_id
    END,
    pg_temp.working_hour(request.requested_on, 0.2 * pg_temp.draw(request.draw_id, 89)),
    request.updated_at
FROM linked AS request
CROSS JOIN pg_temp.generated_plan AS plan
INNER JOIN pg_temp.generated_tier AS other_tier ON other_tier.code = 'TIER_2'
ORDER BY request.request_id;

ANALYZE model_risk.validation_requests;
