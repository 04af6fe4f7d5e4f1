-- model_risk.attestation_coverage
-- How much of each tier was attested in each cycle, against the target in force.
-- grain:    one row per attestation cycle and active tier
-- requires: model_risk.coverage_percentage(), refresh.as_of_date()
-- source:   docs/model_risk.md, "Attestation coverage"

CREATE OR REPLACE VIEW model_risk.attestation_coverage AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    cyc.cycle_id,
    tier.risk_tier_id,
    tier.label AS tier_label,
    tier.sort_order,
    coalesce(counted.total_models, 0) AS total_models,
    coalesce(counted.attested_count, 0) AS attested_count,
    CASE
        WHEN counted.total_models > 0
            THEN model_risk.coverage_percentage(counted.attested_count, counted.total_models)
        ELSE 100.00
    END AS coverage_pct,
    coalesce(target.target_percentage, 100) AS target_pct,
    coalesce(target.is_blocking, false) AS is_blocking,
    -- compared unrounded: rounding must not let a tier pass
    coalesce(
        100 * counted.attested_count >= coalesce(target.target_percentage, 100) * counted.total_models,
        true
    ) AS meets_target,
    coalesce(counted.total_models - counted.attested_count, 0) AS gap,
    coalesce(counted.not_attested_count, 0) AS not_attested_count
FROM model_risk.attestation_cycles AS cyc
CROSS JOIN model_risk.risk_tiers AS tier
CROSS JOIN clock
LEFT JOIN (
    SELECT
        rec.cycle_id,
        mdl.risk_tier_id,
        count(*) AS total_models,
        count(*) FILTER (WHERE rec.status IN ('ACCEPTED', 'SUBMITTED')) AS attested_count,
        count(*) FILTER (WHERE rec.status = 'PENDING') AS not_attested_count
    FROM model_risk.attestation_records AS rec
    INNER JOIN model_risk.models AS mdl ON rec.model_id = mdl.model_id
    GROUP BY rec.cycle_id, mdl.risk_tier_id
) AS counted ON cyc.cycle_id = counted.cycle_id AND tier.risk_tier_id = counted.risk_tier_id
LEFT JOIN LATERAL (
    SELECT
        tgt.target_percentage,
        tgt.is_blocking
    FROM model_risk.attestation_coverage_targets AS tgt
    WHERE tgt.risk_tier_id = tier.risk_tier_id
        AND tgt.effective_date <= clock.as_of
        AND coalesce(tgt.end_date >= clock.as_of, true)
    ORDER BY tgt.effective_date DESC, tgt.target_id DESC
    LIMIT 1
) AS target ON true
WHERE tier.is_active;

COMMENT ON VIEW model_risk.attestation_coverage IS
'Accepted and submitted records per cycle and active tier on refresh.as_of_date(). Models without a tier, or in an inactive one, are left out; an empty tier is covered in full.';

GRANT SELECT ON model_risk.attestation_coverage TO tidemark_app, tidemark_operator;
