-- access.sees_all()
-- Says whether the current role sees every row of a family, or of all families.
-- requires: access.my_scope
-- source:   docs/access.md, "Filtering a view"

CREATE OR REPLACE FUNCTION access.sees_all(p_family text DEFAULT NULL)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        pg_has_role('tidemark_bi_all', 'USAGE')
        OR pg_has_role((SELECT cls.relowner FROM pg_catalog.pg_class AS cls WHERE cls.oid = 'access.grants'::regclass), 'USAGE')
        OR EXISTS (SELECT FROM access.my_scope AS own WHERE own.family = p_family AND own.scope_kind = 'all');
END;

COMMENT ON FUNCTION access.sees_all IS
'True for members of tidemark_bi_all, for the owner of the tables, and for a grant of the kind all in the family; NULL as family: of all families. In a view write (SELECT access.sees_all(…)), which is asked once per statement.';
