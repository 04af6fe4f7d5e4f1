-- bi.freshness
-- How old the data behind each dashboard is, for the people who look at it.
-- grain:    one row per stored view
-- requires: refresh.freshness, access.sees_all(), access.families()
-- source:   docs/refresh.md, "Lag and breaches"

CREATE OR REPLACE VIEW bi.freshness WITH (security_barrier) AS
SELECT
    fre.view_name,
    fre.data_as_of,
    fre.lag,
    fre.target_lag,
    fre.is_within_target,
    fre.freshness_status,
    CASE WHEN whole.is_seen THEN fre.pending_count END AS pending_count,
    CASE WHEN whole.is_seen THEN fre.next_due_at END AS next_due_at,
    fre.last_run_at,
    fre.mode,
    fre.mode_reason
FROM refresh.freshness AS fre
CROSS JOIN LATERAL (
    SELECT
        (SELECT access.sees_all() OR has_table_privilege('refresh.freshness'::regclass, 'SELECT'))
        OR (parse_ident(fre.view_name))[1] = ANY((SELECT access.families(TRUE))::text[])
) AS whole (is_seen)
WHERE whole.is_seen OR (parse_ident(fre.view_name))[1] = ANY((SELECT access.families())::text[]);

COMMENT ON VIEW bi.freshness IS
'Age of stored data. Grain: one row per stored view of the families of which the reader sees something. Key: view_name. Data as of: now, it is computed when read.';
COMMENT ON COLUMN bi.freshness.view_name IS 'Stored view, schema.name.';
COMMENT ON COLUMN bi.freshness.data_as_of IS 'Every change up to this instant is included (timestamptz); NULL before the first run.';
COMMENT ON COLUMN bi.freshness.lag IS 'Age of the oldest change not yet included; zero when there is none.';
COMMENT ON COLUMN bi.freshness.target_lag IS 'Promised greatest age.';
COMMENT ON COLUMN bi.freshness.is_within_target IS 'False while the promise is broken.';
COMMENT ON COLUMN bi.freshness.freshness_status IS 'fresh, behind (within target), late, stale, rebuilding, failing, bypassed or empty.';
COMMENT ON COLUMN bi.freshness.pending_count IS 'Changes waiting to be included; NULL for who sees only part of the family.';
COMMENT ON COLUMN bi.freshness.next_due_at IS 'Next change that comes by time alone (timestamptz); NULL for who sees only part of the family.';
COMMENT ON COLUMN bi.freshness.last_run_at IS 'Last refresh that changed or checked rows (timestamptz).';
COMMENT ON COLUMN bi.freshness.mode IS 'keyed: only what changed is recomputed; full: everything.';
COMMENT ON COLUMN bi.freshness.mode_reason IS 'Why, in words.';

GRANT SELECT ON bi.freshness TO tidemark_bi, tidemark_app, tidemark_operator;
