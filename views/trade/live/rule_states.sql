-- trade.rule_states
-- Where each rule stands on the business day.
-- grain:    one row per rule
-- requires: trade.rule_state(), trade.is_in_force(), refresh.as_of_date()
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE VIEW trade.rule_states AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    rul.rule_id,
    rul.agreement_code,
    rul.hs_chapter,
    present.state,
    later.next_transition
FROM trade.psra_rules AS rul
CROSS JOIN clock
CROSS JOIN LATERAL (
    SELECT
        -- told of in FILTER: as a condition of the join it would lead from a rule to all others of its agreement
        coalesce(array_agg(other.effective_from ORDER BY other.rule_id) FILTER (WHERE other.agreement_code = rul.agreement_code), '{}')
            AS first_days,
        coalesce(array_agg(other.effective_to ORDER BY other.rule_id) FILTER (WHERE other.agreement_code = rul.agreement_code), '{}')
            AS last_days
    FROM trade.rule_supersessions AS sup
    INNER JOIN trade.psra_rules AS other ON sup.superseding_rule_id = other.rule_id
    WHERE sup.superseded_rule_id = rul.rule_id AND other.rule_id <> rul.rule_id
) AS superseders
CROSS JOIN LATERAL (
    SELECT
        trade.rule_state(
            rul.effective_from, rul.effective_to,
            EXISTS (
                SELECT FROM unnest(superseders.first_days, superseders.last_days) AS span (first_day, last_day)
                WHERE trade.is_in_force(span.first_day, span.last_day, clock.as_of)
            ),
            clock.as_of
        ) AS state
) AS present
CROSS JOIN LATERAL (
    -- of all days on which something begins or has ended, the first on which the state is another
    SELECT min(turn.on_day) AS next_transition
    FROM unnest(ARRAY[rul.effective_from, rul.effective_to + 1] || superseders.first_days || ARRAY(
        SELECT span.last_day + 1 FROM unnest(superseders.last_days) AS span (last_day)
    )) AS turn (on_day)
    WHERE turn.on_day > clock.as_of
        AND trade.rule_state(
            rul.effective_from, rul.effective_to,
            EXISTS (
                SELECT FROM unnest(superseders.first_days, superseders.last_days) AS span (first_day, last_day)
                WHERE trade.is_in_force(span.first_day, span.last_day, turn.on_day)
            ),
            turn.on_day
        ) <> present.state
) AS later;

COMMENT ON VIEW trade.rule_states IS
'upcoming, active, superseded by a rule of the agreement that is in force, or expired.';
COMMENT ON COLUMN trade.rule_states.next_transition IS 'First later day with another state; NULL: never.';

GRANT SELECT ON trade.rule_states TO tidemark_app, tidemark_operator;
