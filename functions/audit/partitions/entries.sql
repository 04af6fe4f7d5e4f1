-- audit.entries_partitions
-- The log of changes has a partition for each month.
-- requires: ops.keep_partitions()
-- source:   docs/partitions.md

SELECT ops.keep_partitions('audit.entries', 'month', ahead => 3);
