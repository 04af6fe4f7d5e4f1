-- trade.qualified_rule_by_tenant
-- Rules that qualified products of companies, kept.
-- grain:    one row per company and rule
-- requires: refresh.store(), trade.qualified_rule
-- source:   docs/trade.md, "Figures"

SELECT refresh.store(
    'trade.qualified_rule_by_tenant',
    live => 'trade.qualified_rule',
    key => '{tenant_id, rule_id}',
    target_lag => '1 hour'
);

COMMENT ON VIEW trade.qualified_rule_by_tenant IS
'Same columns and rows as trade.qualified_rule, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.qualified_rule_by_tenant, trade.qualified_rule_by_tenant_as_of TO tidemark_operator;
