-- planning.access_hit_rate
-- How many answers about rights came from stored rows.
-- grain:    one row
-- requires: nothing
-- source:   docs/planning.md, "Stored and computed"

CREATE OR REPLACE VIEW planning.access_hit_rate AS
SELECT
    counted.asked_count,
    counted.computed_count,
    CASE WHEN counted.asked_count > 0
        THEN round((counted.asked_count - counted.computed_count) * 100.0 / counted.asked_count, 2)
    END AS hit_pct
FROM (
    SELECT
        coalesce(pg_stat_get_numscans(to_regclass('planning.access_answers_stored')), 0) AS asked_count,
        coalesce(pg_stat_get_numscans(to_regclass('planning.access_answers_computed')), 0) AS computed_count
) AS counted;

COMMENT ON VIEW planning.access_hit_rate IS
'Since the statistics of the database were reset. asked_count: answers that looked into the stored rows; computed_count: answers that were computed from the tables, for a user without a stored row (an unknown one) too; hit_pct: share of the others, NULL before the first.';

GRANT SELECT ON planning.access_hit_rate TO tidemark_operator;
