-- trade.rule_states_by_rule
-- States of rules, kept inside the transaction that changes them.
-- grain:    one row per rule
-- requires: refresh.store(), trade.rule_states
-- source:   docs/trade.md, "Rules"

SELECT refresh.store(
    'trade.rule_states_by_rule',
    live => 'trade.rule_states',
    key => '{rule_id}',
    due => 'next_transition',
    target_lag => '0'
);

COMMENT ON VIEW trade.rule_states_by_rule IS
'Same columns and rows as trade.rule_states, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.rule_states_by_rule, trade.rule_states_by_rule_as_of TO tidemark_operator;
