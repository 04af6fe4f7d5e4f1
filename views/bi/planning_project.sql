-- bi.planning_project
-- Projects with their program and portfolio.
-- grain:    one row per project
-- requires: planning.reader_projects(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Planning"

CREATE OR REPLACE VIEW bi.planning_project WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('planning') OR granted.sees_all AS sees_all,
        granted.project_ids
    FROM planning.reader_projects(access.sees('planning', 'user'), 'read_project') AS granted
)

SELECT
    prj.id AS project_id,
    prj.name::text AS project_name,
    prg.id AS program_id,
    prg.name::text AS program_name,
    pfo.id AS portfolio_id,
    pfo.name::text AS portfolio_name,
    prj.project_manager::text AS project_manager,
    prj.business_sponsor::text AS business_sponsor,
    prj.cost_center_code::text AS cost_center_code,
    prj.currency_code::text AS currency_code,
    prj.start_date AS starts_on,
    prj.end_date AS ends_on
FROM planning.projects AS prj
INNER JOIN planning.programs AS prg ON prj.program_id = prg.id
INNER JOIN planning.portfolios AS pfo ON prg.portfolio_id = pfo.id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    prj.id AS project_id,
    prj.name::text AS project_name,
    prg.id AS program_id,
    prg.name::text AS program_name,
    pfo.id AS portfolio_id,
    pfo.name::text AS portfolio_name,
    prj.project_manager::text AS project_manager,
    prj.business_sponsor::text AS business_sponsor,
    prj.cost_center_code::text AS cost_center_code,
    prj.currency_code::text AS currency_code,
    prj.start_date AS starts_on,
    prj.end_date AS ends_on
FROM planning.projects AS prj
INNER JOIN planning.programs AS prg ON prj.program_id = prg.id
INNER JOIN planning.portfolios AS pfo ON prg.portfolio_id = pfo.id
WHERE prj.id = ANY((SELECT reader.project_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.planning_project IS
'Projects of which the reader may read (permission read_project). Grain: one row per project. Key: project_id. Data as of: now, computed when read.';
COMMENT ON COLUMN bi.planning_project.project_id IS 'Project.';
COMMENT ON COLUMN bi.planning_project.project_name IS 'Its name.';
COMMENT ON COLUMN bi.planning_project.program_id IS 'Program that the project belongs to now.';
COMMENT ON COLUMN bi.planning_project.program_name IS 'Its name.';
COMMENT ON COLUMN bi.planning_project.portfolio_id IS 'Portfolio of the program.';
COMMENT ON COLUMN bi.planning_project.portfolio_name IS 'Its name.';
COMMENT ON COLUMN bi.planning_project.project_manager IS 'Who manages the project, as it says itself; no user of planning.';
COMMENT ON COLUMN bi.planning_project.business_sponsor IS 'Who sponsors it.';
COMMENT ON COLUMN bi.planning_project.cost_center_code IS 'Cost center, of one project each.';
COMMENT ON COLUMN bi.planning_project.currency_code IS 'Currency of its amounts.';
COMMENT ON COLUMN bi.planning_project.starts_on IS 'First day.';
COMMENT ON COLUMN bi.planning_project.ends_on IS 'Last day, itself included.';

GRANT SELECT ON bi.planning_project TO tidemark_bi;
