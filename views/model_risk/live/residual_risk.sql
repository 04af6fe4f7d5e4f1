-- model_risk.residual_risk
-- The risk left in the models of a validation once its result is taken into account.
-- grain:    one row per validation request for which a residual risk can be stated
-- requires: nothing
-- source:   docs/model_risk.md, "Residual risk"

CREATE OR REPLACE VIEW model_risk.residual_risk AS
SELECT
    req.request_id,
    cell.residual_risk
FROM model_risk.validation_requests AS req
INNER JOIN model_risk.risk_tiers AS tier ON req.validated_risk_tier_id = tier.risk_tier_id
INNER JOIN model_risk.validation_scorecard_results AS score ON req.request_id = score.request_id
INNER JOIN model_risk.residual_risk_map_cells AS cell
    ON tier.residual_key = cell.risk_tier_key AND score.overall_rating = cell.scorecard_outcome
INNER JOIN model_risk.residual_risk_maps AS map ON cell.map_id = map.map_id AND map.is_active;

COMMENT ON VIEW model_risk.residual_risk IS
'Cell of the active matrix at the tier the request was validated for and its scorecard colour. Any missing piece: no row.';

GRANT SELECT ON model_risk.residual_risk TO tidemark_app, tidemark_operator;
