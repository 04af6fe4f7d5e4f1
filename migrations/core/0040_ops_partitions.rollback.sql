-- Partitions stay as they are; nobody makes or detaches any.

DELETE FROM refresh_internal.chores WHERE call = 'ops_internal.keep_partitions';
DROP TABLE ops.detached_partitions, ops.partitioned_tables;
DROP SCHEMA ops_internal;
