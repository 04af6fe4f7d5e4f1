-- Undo 0003_planning_resources.

DROP TABLE planning.resource_assignments;
DROP TABLE planning.resources;
DROP TABLE planning.resource_roles;
DROP TABLE planning.workers;
DROP TABLE planning.rates;
DROP TABLE planning.worker_types;
