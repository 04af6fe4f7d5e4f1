-- Undo 0006_trade_assessments.

DROP TABLE trade.assessment_operations, trade.assessment_materials, trade.assessments;
