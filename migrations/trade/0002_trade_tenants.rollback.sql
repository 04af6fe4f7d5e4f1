-- Undo 0002_trade_tenants.

DROP TABLE trade.tenants;
