-- What the log of changes of clinical must tell of an earlier system's entries.

-- name: expected_audit_summary.csv
-- key: now_utc, days, dimension, key
SELECT
    sum.now_utc,
    sum.days,
    sum.dimension,
    sum.key,
    sum.n
FROM summed AS sum;

-- name: expected_audit_purge.csv
-- key: now_utc, days_to_keep
SELECT
    pur.now_utc,
    pur.days_to_keep,
    pur.n_deleted
FROM purged AS pur;
