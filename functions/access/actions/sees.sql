-- access.sees()
-- The values of one kind that the current role may see in a family.
-- requires: access.my_scope, access.sees_all()
-- source:   docs/access.md, "Filtering a view"

CREATE OR REPLACE FUNCTION access.sees(p_family text, p_scope_kind text)
RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT own.scope_value), '{}')
    FROM access.my_scope AS own
    WHERE own.family = p_family AND own.scope_kind = p_scope_kind AND NOT (SELECT access.sees_all(p_family));
END;

COMMENT ON FUNCTION access.sees IS
'Empty without a grant, and for those who see all of the family: a view has a part of its own for them, see access.sees_all(). In a view write = ANY ((SELECT access.sees(…))::text[]), which is asked once per statement and lets an index be used.';
