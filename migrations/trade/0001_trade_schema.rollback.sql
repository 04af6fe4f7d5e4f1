-- Undo 0001_trade_schema.

DROP SCHEMA trade;
