-- planning.page_count()
-- How many pages a list has.
-- requires: nothing
-- source:   docs/planning.md, "Lists"

CREATE OR REPLACE FUNCTION planning.page_count(total bigint, size integer)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (total + size - 1) / size;

COMMENT ON FUNCTION planning.page_count IS
'0 for an empty list; the last page may be shorter. size is 1 or more.';
