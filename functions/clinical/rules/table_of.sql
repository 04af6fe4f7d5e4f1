-- clinical.table_of()
-- The table that keeps a kind of thing.
-- requires: nothing
-- source:   docs/clinical_writes.md, "What is told"

CREATE OR REPLACE FUNCTION clinical.table_of(entity text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE entity
    WHEN 'study' THEN 'studies'
    WHEN 'release' THEN 'database_releases'
    WHEN 'effort' THEN 'reporting_efforts'
    WHEN 'package' THEN 'packages'
    WHEN 'package_item' THEN 'package_items'
    WHEN 'text_element' THEN 'text_elements'
    WHEN 'tag' THEN 'tracker_tags'
    WHEN 'user' THEN 'users'
END;

COMMENT ON FUNCTION clinical.table_of IS
'entity as in the types of events; NULL for things of reporting efforts, which have other rooms.';
