-- planning.actuals_partitions
-- Actuals have a partition for each quarter.
-- requires: ops.keep_partitions()
-- source:   docs/partitions.md

SELECT ops.keep_partitions('planning.actuals', 'quarter', first_day => '2024-01-01', ahead => 4);
