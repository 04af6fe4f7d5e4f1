-- model_risk.kpi_programme
-- The KPIs of the programme as a whole, which no filter narrows.
-- grain:    one row
-- requires: refresh.as_of_date(), refresh.time_zone()
-- source:   docs/model_risk.md, "The 26 KPIs"

CREATE OR REPLACE VIEW model_risk.kpi_programme AS
WITH clock AS MATERIALIZED (
    SELECT
        refresh.as_of_date() AS as_of,
        refresh.time_zone() AS time_zone
),

monitoring AS (
    SELECT
        count(*) AS cycles,
        count(*) FILTER (
            WHERE (cyc.submitted_at AT TIME ZONE clock.time_zone)::date <= cyc.submission_due_date
        ) AS timely
    FROM model_risk.monitoring_cycles AS cyc
    CROSS JOIN clock
    WHERE cyc.status = 'APPROVED'
),

finding AS (
    SELECT
        count(*) FILTER (WHERE rec.closed_at IS NULL) AS open_count,
        count(*) FILTER (
            WHERE rec.closed_at IS NULL AND rec.current_target_date < clock.as_of
        ) AS past_due,
        round(
            avg(floor(extract(EPOCH FROM rec.closed_at - rec.created_at) / 86400))
            FILTER (WHERE rec.closed_at IS NOT NULL), 1
        ) AS average_days_to_close,
        min(rec.current_target_date + 1) FILTER (
            WHERE rec.closed_at IS NULL AND rec.current_target_date >= clock.as_of
        ) AS next_change_on
    FROM model_risk.recommendations AS rec
    CROSS JOIN clock
),

attestation AS (
    SELECT
        count(*) AS records,
        count(*) FILTER (
            WHERE (rec.attested_at AT TIME ZONE clock.time_zone)::date <= rec.due_date
        ) AS timely
    FROM model_risk.attestation_records AS rec
    CROSS JOIN clock
    WHERE rec.cycle_id = (
        SELECT cyc.cycle_id
        FROM model_risk.attestation_cycles AS cyc
        WHERE cyc.status = 'CLOSED'
        ORDER BY cyc.period_end_date DESC, cyc.cycle_id DESC
        LIMIT 1
    )
),

decommissioning AS (  -- twelve months are 365 days, counted back to midnight of the business zone
    SELECT
        count(*) FILTER (WHERE dec.status = 'PENDING') AS pending,
        count(*) FILTER (
            WHERE dec.status = 'APPROVED'
                AND (dec.final_reviewed_at AT TIME ZONE clock.time_zone)::date >= clock.as_of - 365
        ) AS approved_last_year,
        min((dec.final_reviewed_at AT TIME ZONE clock.time_zone)::date + 366) FILTER (
            WHERE dec.status = 'APPROVED'
                AND (dec.final_reviewed_at AT TIME ZONE clock.time_zone)::date >= clock.as_of - 365
        ) AS next_change_on
    FROM model_risk.decommissioning_requests AS dec
    CROSS JOIN clock
)

SELECT
    1 AS programme_id,
    monitoring.timely AS timely_monitoring_cycles,
    monitoring.cycles AS approved_monitoring_cycles,
    finding.open_count AS open_recommendations,
    finding.past_due AS past_due_recommendations,
    finding.average_days_to_close,
    attestation.timely AS timely_attestations,
    attestation.records AS required_attestations,
    decommissioning.pending AS pending_decommissionings,
    decommissioning.approved_last_year AS decommissioned_last_year,
    least(finding.next_change_on, decommissioning.next_change_on) AS next_change_on
FROM monitoring
CROSS JOIN finding
CROSS JOIN attestation
CROSS JOIN decommissioning;

COMMENT ON VIEW model_risk.kpi_programme IS
'Unfiltered KPI figures on refresh.as_of_date(): monitoring cycles, recommendations, attestations of the closed cycle that ended last, decommissioning requests.';
COMMENT ON COLUMN model_risk.kpi_programme.programme_id IS 'Always 1: the key of the only row.';
COMMENT ON COLUMN model_risk.kpi_programme.average_days_to_close IS
'Mean of whole elapsed days between creation and closing, one decimal; NULL while none is closed.';

GRANT SELECT ON model_risk.kpi_programme TO tidemark_app, tidemark_operator;
