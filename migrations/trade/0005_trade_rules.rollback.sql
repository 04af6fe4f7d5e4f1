-- Undo 0005_trade_rules.

DROP TABLE trade.rule_supersessions, trade.psra_rules;
