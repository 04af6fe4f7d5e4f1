-- load_internal.is_mine()
-- Whether the caller may see and go on with an upload of that owner.
-- requires: nothing
-- source:   docs/loading.md, "Who may do what"

CREATE OR REPLACE FUNCTION load_internal.is_mine(started_by text)
RETURNS boolean LANGUAGE sql STABLE
-- the login, not the role it works as: a role is shared by many
RETURN started_by = session_user
OR pg_has_role(session_user, 'tidemark_operator', 'MEMBER')
OR pg_has_role(session_user, (SELECT cls.relowner FROM pg_class AS cls WHERE cls.oid = 'load.uploads'::regclass), 'MEMBER');

COMMENT ON FUNCTION load_internal.is_mine IS
'True for the login that opened the upload, for operators, and for who owns the tables of the loader.';
