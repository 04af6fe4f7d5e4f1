-- bi.catalog
-- The public contract in one list: every column of every view of schema bi.
-- grain:    one row per view and column
-- requires: nothing
-- source:   docs/bi.md, "The contract"
-- tidemark-ignore: bi-rows because it tells of the contract, and of no view that its reader may not read

CREATE OR REPLACE VIEW bi.catalog WITH (security_barrier) AS
SELECT
    rel.relname::text AS view_name,
    att.attnum::integer AS column_position,
    att.attname::text AS column_name,
    format_type(att.atttypid, att.atttypmod) AS data_type,
    col_description(rel.oid, att.attnum) AS column_description,
    obj_description(rel.oid, 'pg_class') AS view_description
FROM pg_catalog.pg_class AS rel
INNER JOIN pg_catalog.pg_attribute AS att ON rel.oid = att.attrelid
WHERE rel.relnamespace = 'bi'::regnamespace
    AND rel.relkind = 'v'
    AND att.attnum > 0
    AND NOT att.attisdropped
    AND has_table_privilege(rel.oid, 'SELECT');

COMMENT ON VIEW bi.catalog IS
'Every column a dashboard may read, with type and meaning. Grain: one row per view and column. Key: view_name, column_name. Data as of: now.';
COMMENT ON COLUMN bi.catalog.view_name IS 'View of schema bi.';
COMMENT ON COLUMN bi.catalog.column_position IS 'Position in the view, from 1.';
COMMENT ON COLUMN bi.catalog.column_name IS 'Name of the column.';
COMMENT ON COLUMN bi.catalog.data_type IS 'PostgreSQL type.';
COMMENT ON COLUMN bi.catalog.column_description IS 'Meaning and unit of the column.';
COMMENT ON COLUMN bi.catalog.view_description IS 'Meaning, grain, key and age of the view.';

GRANT SELECT ON bi.catalog TO tidemark_bi;
