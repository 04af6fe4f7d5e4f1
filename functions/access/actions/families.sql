-- access.families()
-- The families of which the current role sees something, or everything.
-- requires: access.my_scope
-- source:   docs/access.md, "Filtering a view"

CREATE OR REPLACE FUNCTION access.families(p_whole boolean DEFAULT FALSE)
RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT own.family), '{}')
    FROM access.my_scope AS own
    WHERE own.scope_kind = 'all' OR NOT p_whole;
END;

COMMENT ON FUNCTION access.families IS
'Families with a grant; p_whole: only those with a grant of the kind all. Says nothing of those who see all families, see access.sees_all().';
