-- Declarations on their days, and what may be done with them; docs/golden.md explains the notes.

-- name: ltsd/expected_ltsd_status.csv
-- key: as_of, id
SELECT
    day.as_of,
    sta.id::text,
    sta.effective_status,
    sta.expiry_band,
    sta.days_left,
    sta.next_transition
FROM (SELECT DISTINCT as_of FROM expected_ltsd_status) AS day
CROSS JOIN LATERAL trade.ltsd_status_at(day.as_of::date) AS sta;

-- name: ltsd/expected_ltsd_warnings.csv
-- key: id
SELECT
    sta.id::text,
    sta.warnings::text
FROM trade.ltsd_status AS sta;

-- name: ltsd/expected_ltsd_statistics.csv
-- key: as_of, tenant_id
SELECT
    day.as_of,
    sta.tenant_id::text,
    sta.total,
    sta.active,
    sta.not_yet_valid,
    sta.expired,
    sta.revoked,
    sta.superseded,
    sta.draft,
    sta.preferential,
    sta.non_preferential,
    sta.mixed,
    sta.average_validity_days,
    sta.compliance_rate
FROM (SELECT DISTINCT as_of FROM expected_ltsd_statistics) AS day
CROSS JOIN LATERAL trade.ltsd_statistics_at(day.as_of::date) AS sta;

-- name: ltsd/expected_ltsd_expiring.csv
-- key: as_of, within_days, position
SELECT
    asked.as_of,
    asked.within_days,
    own."position",
    own.id::text,
    own.days_left
FROM (SELECT DISTINCT as_of, within_days FROM expected_ltsd_expiring) AS asked
CROSS JOIN LATERAL trade.ltsd_expiring(asked.within_days::integer, asked.as_of::date) AS own;

-- name: ltsd/expected_ltsd_actions.csv
-- key: sequence_no, step
SELECT
    exp.sequence_no,
    exp.step,
    exp.initial_valid_from,
    exp.initial_valid_to,
    exp.action,
    exp.version,
    exp.on_date,
    exp.argument,
    own.outcome,
    own.statuses_after
FROM expected_ltsd_actions AS exp
LEFT JOIN tried AS own ON exp.sequence_no = own.sequence_no AND exp.step = own.step;
