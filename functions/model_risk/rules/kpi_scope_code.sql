-- model_risk.kpi_scope_code()
-- One text for a choice of the KPI report's two filters, so that a cell is found with an equality.
-- requires: nothing
-- source:   docs/model_risk.md, "The KPI report"

CREATE OR REPLACE FUNCTION model_risk.kpi_scope_code(region_id integer, team_id integer)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(region_id::text, 'all') || '/' || coalesce(team_id::text, 'all');

COMMENT ON FUNCTION model_risk.kpi_scope_code IS
'Region and team joined by a slash, for example 3/7; all stands for no filter. Never NULL.';
