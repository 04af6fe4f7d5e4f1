-- Undo 0009_planning_settings.

DROP TABLE planning.settings;
