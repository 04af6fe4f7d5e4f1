-- Models: the inventory, and what the history of each will look like
-- A fifth of all blocks of four numbers are families: their first two to four models are always validated together.

CREATE TEMP TABLE generated_tier ON COMMIT DROP AS
SELECT
    tier.code,
    tier.risk_tier_id,
    coalesce(policy.frequency_months, 24) * 30 AS frequency_days,
    coalesce(policy.grace_period_months, 3) * 30 AS grace_days,
    coalesce(policy.model_change_lead_time_days, 60) AS lead_days
FROM model_risk.risk_tiers AS tier
LEFT JOIN model_risk.validation_policies AS policy USING (risk_tier_id)
WHERE tier.code IN ('TIER_1', 'TIER_2', 'TIER_3', 'TIER_4', 'LEGACY');

CREATE TEMP TABLE generated_model ON COMMIT DROP AS
WITH member AS (
    SELECT
        number.n,
        plan.model_base + number.n AS model_id,
        CASE
            WHEN
                pg_temp.draw((number.n - 1) / 4, 20) < 0.214
                AND (number.n - 1) % 4 < pg_temp.draw_int((number.n - 1) / 4, 21, 2, 4)
                THEN number.n - (number.n - 1) % 4
            ELSE number.n
        END AS leader
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN LATERAL generate_series(1, plan.models) AS number (n)
)

SELECT
    member.n,
    member.model_id,
    member.leader,
    pg_temp.choose(
        pg_temp.draw(member.n, 22), '{0.78,0.87,0.90}', '{Active,In Development,Pending Decommission,Retired}'
    ) AS status,
    tier.risk_tier_id
FROM member
LEFT JOIN pg_temp.generated_tier AS tier
    ON tier.code = pg_temp.choose(
            -- most members of a family share its tier
            pg_temp.draw(CASE WHEN pg_temp.draw(member.n, 23) < 0.7 THEN member.leader ELSE member.n END, 24),
            '{0.12,0.40,0.775,0.94,0.95}', '{TIER_1,TIER_2,TIER_3,TIER_4,LEGACY,NONE}'
        );

CREATE INDEX ON pg_temp.generated_model (n);
ANALYZE pg_temp.generated_model;

-- One row per leader. Where the last validation lies against the due days decides how old it is.
CREATE TEMP TABLE generated_chain ON COMMIT DROP AS
WITH kind AS (
    SELECT
        mdl.n,
        mdl.risk_tier_id,
        coalesce(tier.frequency_days, 720) AS frequency_days,
        coalesce(tier.grace_days, 90) AS grace_days,
        coalesce(tier.lead_days, 60) AS lead_days,
        CASE
            WHEN pg_temp.draw(mdl.n, 30) < CASE mdl.status WHEN 'In Development' THEN 0.4 ELSE 0.037 END THEN 'NEVER'
            ELSE pg_temp.choose(pg_temp.draw(mdl.n, 31), '{0.161,0.806}', '{INTERIM,ONE,MANY}')
        END AS history,
        pg_temp.choose(pg_temp.draw(mdl.n, 32), '{0.753,0.807,0.968}', '{ON_TIME,IN_GRACE,OVERDUE,LONG_OVERDUE}') AS timing,
        pg_temp.draw(mdl.n, 33) AS u
    FROM pg_temp.generated_model AS mdl
    LEFT JOIN pg_temp.generated_tier AS tier USING (risk_tier_id)
    WHERE mdl.leader = mdl.n
),

term AS (
    SELECT
        kind.*,
        kind.lead_days + pg_temp.draw_int(kind.n, 34, 60, 300) AS interim_days,
        CASE kind.history
            WHEN 'ONE' THEN 1
            WHEN 'MANY' THEN pg_temp.choose(pg_temp.draw(kind.n, 35), '{0.6,0.9}', '{2,3,4}')::integer
            ELSE 0
        END AS full_count
    FROM kind
)

SELECT
    term.n,
    term.risk_tier_id,
    term.history,
    term.full_count,
    term.interim_days,
    plan.as_of - CASE
        WHEN term.history <> 'INTERIM'
            THEN CASE term.timing
                    WHEN 'ON_TIME' THEN 1 + floor(term.u * (term.frequency_days - 10))
                    WHEN 'IN_GRACE' THEN term.frequency_days + 12 + floor(term.u * (term.grace_days - 15))
                    WHEN 'OVERDUE' THEN term.frequency_days + term.grace_days + 20 + floor(term.u * 340)
                    ELSE term.frequency_days + term.grace_days + 400 + floor(term.u * 730)
                END
        ELSE CASE term.timing  -- an interim approval is due lead_days before it expires
                WHEN 'ON_TIME' THEN 1 + floor(term.u * (term.interim_days - term.lead_days))
                WHEN 'IN_GRACE' THEN term.interim_days - floor(term.u * term.lead_days)
                WHEN 'OVERDUE' THEN term.interim_days + 1 + floor(term.u * 364)
                ELSE term.interim_days + 366 + floor(term.u * 400)
            END
    END::integer AS last_completed_on,
    term.frequency_days + pg_temp.draw_int(term.n, 36, -60, 60) AS gap_days,
    term.history <> 'NEVER' AND pg_temp.draw(term.n, 37) < CASE term.timing
        WHEN 'ON_TIME' THEN 0.14
        WHEN 'IN_GRACE' THEN 0.6
        ELSE 0.5
    END AS is_revalidated
FROM term
CROSS JOIN pg_temp.generated_plan AS plan;

CREATE INDEX ON pg_temp.generated_chain (n);
ANALYZE pg_temp.generated_chain;

WITH named AS (
    SELECT
        mdl.*,
        -- One model in 200 bears the name of the model before it.
        mdl.n - (mdl.n > 1 AND pg_temp.draw(mdl.n, 40) < 0.005)::integer AS name_n
    FROM pg_temp.generated_model AS mdl
)

INSERT INTO model_risk.models (
    model_id, model_name, development_type, owner_id, status, risk_tier_id, methodology_id, is_model,
    use_approval_date, created_at
)
SELECT
    mdl.model_id,
    (ARRAY[
        'Mortgage', 'Credit Card', 'Auto Loan', 'Small Business', 'Corporate Loan', 'Leasing', 'Deposit', 'FX Option',
        'Rates Swap', 'Equity Option', 'Liquidity', 'AML Alert', 'Fraud', 'Collections', 'Insurance Claim', 'Pension'
    ])[pg_temp.draw_int(mdl.name_n, 41, 1, 16)] || ' ' || (ARRAY[
        'PD', 'LGD', 'EAD', 'VaR', 'Scorecard', 'Forecast', 'Pricing', 'Stress Test', 'Prepayment', 'Early Warning'
    ])[pg_temp.draw_int(mdl.name_n, 42, 1, 10)] || ' '
    -- lpad would cut what is longer
    || right('0000' || (plan.model_base + mdl.name_n), greatest(5, length((plan.model_base + mdl.name_n)::text))),
    CASE WHEN pg_temp.draw(mdl.n, 43) < 0.18 THEN 'Third-Party' ELSE 'In-House' END,
    -- The square gives a few owners many models and most owners about five.
    plan.user_base + plan.admins + plan.global_approvers + plan.regional_approvers + plan.validators + 1
    + floor(pg_temp.draw(mdl.n, 44) * pg_temp.draw(mdl.n, 44) * plan.owners)::integer,
    mdl.status,
    mdl.risk_tier_id,
    CASE WHEN pg_temp.draw(mdl.n, 45) >= 0.14 THEN
            CASE WHEN pg_temp.draw(mdl.n, 46) < 0.2
                    THEN method.ai_ids[pg_temp.draw_int(mdl.n, 47, 1, cardinality(method.ai_ids))]
                ELSE method.other_ids[pg_temp.draw_int(mdl.n, 47, 1, cardinality(method.other_ids))]
            END
    END,
    pg_temp.draw(mdl.n, 48) >= 0.04,
    CASE WHEN chain.history <> 'NEVER' AND pg_temp.draw(mdl.n, 49) < 0.7
            THEN pg_temp.working_hour(chain.last_completed_on + pg_temp.draw_int(mdl.n, 50, 0, 20), pg_temp.draw(mdl.n, 51))
    END,
    pg_temp.working_hour(
        CASE chain.history
            WHEN 'NEVER' THEN plan.as_of - pg_temp.draw_int(mdl.n, 52, 10, 700)
            ELSE chain.last_completed_on - greatest(chain.full_count - 1, 0) * chain.gap_days
                - pg_temp.draw_int(mdl.n, 52, 600, 3600)
        END,
        pg_temp.draw(mdl.n, 53)
    )
FROM named AS mdl
INNER JOIN pg_temp.generated_chain AS chain ON mdl.leader = chain.n
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN (
    SELECT
        array_agg(methodology.methodology_id ORDER BY methodology.methodology_id)
        FILTER (WHERE category.is_aiml) AS ai_ids,
        array_agg(methodology.methodology_id ORDER BY methodology.methodology_id)
        FILTER (WHERE NOT category.is_aiml) AS other_ids
    FROM model_risk.methodologies AS methodology
    INNER JOIN model_risk.methodology_categories AS category USING (category_id)
) AS method
ORDER BY mdl.model_id;

ANALYZE model_risk.models;
