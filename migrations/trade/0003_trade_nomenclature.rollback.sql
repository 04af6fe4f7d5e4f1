-- Undo 0003_trade_nomenclature.

DROP TABLE trade.hs_codes, trade.hs_sections;
