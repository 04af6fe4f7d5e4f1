-- Undo 0004_trade_agreements.

DROP TABLE trade.party_members, trade.agreements;
