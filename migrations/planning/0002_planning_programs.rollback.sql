-- Undo 0002_planning_programs.

DROP TABLE planning.project_phases;
DROP TABLE planning.projects;
DROP TABLE planning.programs;
DROP TABLE planning.portfolios;
