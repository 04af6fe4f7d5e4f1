-- planning.actuals_partitions
-- Actuals have a partition for each month.
-- requires: ops.keep_partitions()
-- source:   docs/partitions.md

SELECT ops.keep_partitions('planning.actuals', 'month', first_day => '2024-01-01', ahead => 12);
