-- model_risk.kpi_breakdown_cell_by_scope
-- Breakdown counts for every choice of region and team, kept.
-- grain:    one row per region, team (NULL: all), breakdown metric and category
-- requires: refresh.store(), refresh.affects(), refresh.together(), model_risk.kpi_breakdown_cell, model_risk.kpi_cell_by_scope
-- source:   docs/model_risk.md, "The KPI report"

SELECT refresh.store(
    'model_risk.kpi_breakdown_cell_by_scope',
    live => 'model_risk.kpi_breakdown_cell',
    key => '{region_id, team_id, metric_id, category}',
    full_above => 0,  -- one pass over the tallies costs less than a few cells one by one
    also_by => '{scope_code}'  -- the report asks for one scope
);

SELECT refresh.affects('model_risk.kpi_tier_tally_by_lob', 'model_risk.kpi_breakdown_cell_by_scope', $$
    SELECT changed.region_id, scope.team_id
    FROM changed
    INNER JOIN lob_ancestry_by_lob AS line ON changed.lob_id = line.lob_id
    CROSS JOIN LATERAL (VALUES (NULL::integer), (coalesce(line.team_id, 0))) AS scope (team_id)
$$);
SELECT refresh.affects('model_risk.lob_ancestry_by_lob', 'model_risk.kpi_breakdown_cell_by_scope', 'all');
SELECT refresh.affects('model_risk.teams', 'model_risk.kpi_breakdown_cell_by_scope', 'all');

-- the report shows a total and its breakdown side by side
SELECT refresh.together('model_risk.kpi', '{model_risk.kpi_cell_by_scope, model_risk.kpi_breakdown_cell_by_scope}');

COMMENT ON VIEW model_risk.kpi_breakdown_cell_by_scope IS
'Counts of the KPIs 4.2, 4.3 and 4.29. Same columns and rows as model_risk.kpi_breakdown_cell.';

GRANT SELECT ON model_risk.kpi_breakdown_cell_by_scope, model_risk.kpi_breakdown_cell_by_scope_as_of TO tidemark_app, tidemark_operator;
