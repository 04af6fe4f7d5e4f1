-- Attestation: quarterly cycles of seven years and one record for each model that must attest
-- The current quarter is pending without records, the one before open, the one before that under review.

CREATE TEMP TABLE generated_attestation_cycle ON COMMIT DROP AS
WITH quarter AS (
    SELECT
        back.no,
        (date_trunc('quarter', plan.as_of::timestamp) - make_interval(months => 3 * back.no))::date AS starts_on,
        (date_trunc('quarter', plan.as_of::timestamp) - make_interval(months => 3 * back.no - 3))::date - 1 AS ends_on
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN generate_series(0, 27) AS back (no)
)

SELECT
    quarter.*,
    'Q' || to_char(quarter.starts_on, 'Q YYYY') || ' Attestation Cycle' AS cycle_name,
    (ARRAY['PENDING', 'OPEN', 'UNDER_REVIEW', 'CLOSED'])[least(quarter.no, 3) + 1] AS status,
    -- From a quarter to all of the active models are asked in a cycle.
    0.25 + 0.75 * pg_temp.draw(quarter.no, 140) AS share
FROM quarter;

INSERT INTO model_risk.attestation_cycles (
    cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status, opened_at, closed_at
)
SELECT
    base.cycle_id + row_number() OVER (ORDER BY cycle.no DESC),
    cycle.cycle_name,
    cycle.starts_on,
    cycle.ends_on,
    cycle.ends_on + 30,
    cycle.status,
    CASE WHEN cycle.status <> 'PENDING' THEN pg_temp.working_hour(cycle.ends_on + 1, 0.1) END,
    CASE WHEN cycle.status = 'CLOSED' THEN pg_temp.working_hour(cycle.ends_on + 45, 0.9) END
FROM pg_temp.generated_attestation_cycle AS cycle
CROSS JOIN (SELECT coalesce(max(cycle_id), 0) AS cycle_id FROM model_risk.attestation_cycles) AS base
WHERE NOT EXISTS (  -- a cycle that exists takes the records in
        SELECT FROM model_risk.attestation_cycles AS known
        WHERE known.cycle_name = cycle.cycle_name AND known.period_start_date = cycle.starts_on
    );

WITH record AS (
    SELECT
        known.cycle_id,
        known.status AS cycle_status,
        known.submission_due_date,
        cycle.ends_on,
        model.model_id,
        model.owner_id,
        (model.model_id - plan.model_base)::bigint * 64 + cycle.no AS draw_id
    FROM pg_temp.generated_attestation_cycle AS cycle
    CROSS JOIN pg_temp.generated_plan AS plan
    CROSS JOIN
        LATERAL (
            SELECT existing.*
            FROM model_risk.attestation_cycles AS existing
            WHERE existing.cycle_name = cycle.cycle_name AND existing.period_start_date = cycle.starts_on
            ORDER BY existing.cycle_id
            LIMIT 1
        ) AS known
    INNER JOIN model_risk.models AS model
        ON
            model.model_id > plan.model_base
            AND model.status = 'Active'
            AND (model.created_at AT TIME ZONE 'UTC')::date <= cycle.ends_on
            AND pg_temp.draw((model.model_id - plan.model_base)::bigint * 64 + cycle.no, 141) < cycle.share
    WHERE known.status <> 'PENDING'
),

decided AS (
    SELECT
        record.*,
        CASE record.cycle_status
            WHEN 'CLOSED'
                THEN pg_temp.choose(
                        pg_temp.draw(record.draw_id, 142), '{0.84,0.89,0.91,0.96}',
                        '{ACCEPTED,SUBMITTED,ADMIN_REVIEW,REJECTED,PENDING}'
                    )
            WHEN 'OPEN'
                THEN pg_temp.choose(
                        pg_temp.draw(record.draw_id, 142), '{0.17,0.37,0.42,0.45}',
                        '{ACCEPTED,SUBMITTED,ADMIN_REVIEW,REJECTED,PENDING}'
                    )
            ELSE pg_temp.choose(
                    pg_temp.draw(record.draw_id, 142), '{0.60,0.78,0.86,0.90}',
                    '{ACCEPTED,SUBMITTED,ADMIN_REVIEW,REJECTED,PENDING}'
                )
        END AS status
    FROM record
)

INSERT INTO model_risk.attestation_records (
    attestation_id, cycle_id, model_id, attesting_user_id, due_date, status, attested_at, decision
)
SELECT
    base.attestation_id + row_number() OVER (ORDER BY decided.cycle_id, decided.model_id),
    decided.cycle_id,
    decided.model_id,
    decided.owner_id,
    decided.submission_due_date,
    decided.status,
    CASE WHEN decided.status <> 'PENDING' THEN pg_temp.working_hour(
                CASE WHEN pg_temp.draw(decided.draw_id, 143) < 0.9
                        THEN decided.ends_on + pg_temp.draw_int(decided.draw_id, 144, 1, 30)
                    ELSE decided.submission_due_date + pg_temp.draw_int(decided.draw_id, 144, 1, 12)
                END,
                pg_temp.draw(decided.draw_id, 145)
            )
    END,
    CASE WHEN decided.status <> 'PENDING' THEN pg_temp.choose(
                pg_temp.draw(decided.draw_id, 146), '{0.82,0.96}', '{I_ATTEST,I_ATTEST_WITH_UPDATES,OTHER}'
            )
    END
FROM decided
CROSS JOIN (SELECT coalesce(max(attestation_id), 0) AS attestation_id FROM model_risk.attestation_records) AS base
ORDER BY decided.cycle_id, decided.model_id;

ANALYZE model_risk.attestation_cycles, model_risk.attestation_records;
