-- Undo 0007_trade_verdicts.

DROP TABLE trade.psra_verdicts;
