-- Undo 0004_model_risk_models.

DROP TABLE model_risk.model_regions;
DROP TABLE model_risk.model_versions;
DROP TABLE model_risk.models;
DROP TABLE model_risk.residual_risk_map_cells;
DROP TABLE model_risk.residual_risk_maps;
DROP TABLE model_risk.methodologies;
DROP TABLE model_risk.methodology_categories;
