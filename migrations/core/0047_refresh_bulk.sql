-- A mapping may consist of several queries, one of them for statements that touch many rows.
-- depends: 0046_refresh_time

SET LOCAL lock_timeout = '5s';

ALTER TABLE refresh.view_sources ADD COLUMN parts jsonb, ADD COLUMN bulk_columns text[];

COMMENT ON COLUMN refresh.view_sources.parts IS
'The queries of a mapping that has several: text, key columns, what each reads, and whether it is for bulk statements; NULL: mapping is the only one.';
COMMENT ON COLUMN refresh.view_sources.bulk_columns IS
'Columns of the source that remain of a statement that touched many rows; NULL: all of queue_columns, this view has no query for such statements.';
