-- What a grant opens in each bi view of model_risk, told from the tables and the rows that the owner sees.
-- name: model_risk_status
-- kind: region
SELECT * FROM bi.model_risk_status WHERE model_id IN (SELECT model_id FROM model_risk.model_regions WHERE region_id = :value::int);
-- name: model_risk_status
-- kind: team
SELECT * FROM bi.model_risk_status
WHERE team_name = coalesce((SELECT name FROM model_risk.teams WHERE team_id = :value::int), 'Unassigned');
-- name: model_risk_upcoming_change
-- kind: region
SELECT * FROM bi.model_risk_upcoming_change
WHERE model_id IN (SELECT model_id FROM model_risk.model_regions WHERE region_id = :value::int);
-- name: model_risk_upcoming_change
-- kind: team
SELECT * FROM bi.model_risk_upcoming_change WHERE model_id IN (
    SELECT model_id FROM model_risk.models JOIN model_risk.users ON owner_id = user_id
    JOIN model_risk.lob_ancestry USING (lob_id) WHERE coalesce(team_id, 0) = :value::int);
-- name: model_risk_regional_compliance
-- kind: region
SELECT * FROM bi.model_risk_regional_compliance
WHERE region_code = (SELECT code FROM model_risk.regions WHERE region_id = :value::int);
-- name: model_risk_regional_compliance
-- kind: team
SELECT * FROM bi.model_risk_regional_compliance
WHERE team_name = coalesce((SELECT name FROM model_risk.teams WHERE team_id = :value::int), 'Unassigned');
-- name: model_risk_kpi
-- kind: region
SELECT * FROM bi.model_risk_kpi WHERE is_filtered AND region_id = :value::int;
-- name: model_risk_kpi
-- kind: team
SELECT * FROM bi.model_risk_kpi WHERE is_filtered AND team_id = :value::int;
-- name: model_risk_attestation_coverage
-- kind: region
SELECT * FROM bi.model_risk_attestation_coverage WHERE false;
-- name: model_risk_attestation_coverage
-- kind: team
SELECT * FROM bi.model_risk_attestation_coverage WHERE false;
-- name: model_risk_attestation_cycle
-- kind: region
SELECT * FROM bi.model_risk_attestation_cycle WHERE false;
-- name: model_risk_attestation_cycle
-- kind: team
SELECT * FROM bi.model_risk_attestation_cycle WHERE false;
