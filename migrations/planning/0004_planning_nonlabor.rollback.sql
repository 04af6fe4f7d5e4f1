-- Undo 0004_planning_nonlabor.

DROP TABLE planning.nonlabor_plan_occurrences;
DROP TABLE planning.nonlabor_plan_lines;
