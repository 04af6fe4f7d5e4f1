-- Undo 0008_trade_declarations.

DROP TABLE trade.ltsd_products, trade.ltsd_declarations;
