-- refresh_internal.queue_column()
-- Names the column of a queue that holds values of one column of its source.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

CREATE OR REPLACE FUNCTION refresh_internal.queue_column(p_column text, p_type text)
RETURNS text LANGUAGE sql IMMUTABLE
RETURN left(p_column, 40) || '_' || left(md5(p_column || ' ' || p_type), 8);

COMMENT ON FUNCTION refresh_internal.queue_column IS
'Another type is another column, so that a queue never has to change what writers fill.';

REVOKE ALL ON FUNCTION refresh_internal.queue_column FROM PUBLIC;
