-- Which rows of bi a login may see. Members of tidemark_bi see none until something is granted to them, or all by GRANT tidemark_bi_all TO the login.
-- depends: 0030_deploy_step_aside

CREATE TABLE access.grants (
    login text NOT NULL,
    login_oid oid NOT NULL,
    family text NOT NULL,
    scope_kind text NOT NULL,
    scope_value text NOT NULL,
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT grants_pkey PRIMARY KEY (login, login_oid, family, scope_kind, scope_value),
    CONSTRAINT all_has_no_value_check CHECK (scope_kind <> 'all' OR scope_value = '*')
);

COMMENT ON TABLE access.grants IS
'What each login may see of bi. One row opens the rows of one scope value; there is no row that takes away. No row: nothing is seen.';
COMMENT ON COLUMN access.grants.login IS 'Login or group role; a grant to a group role holds for its members.';
COMMENT ON COLUMN access.grants.login_oid IS
'The role that bore the name when it was granted: another role of the same name, made later or in another cluster, has no part in it.';
COMMENT ON COLUMN access.grants.family IS 'Schema of the family.';
COMMENT ON COLUMN access.grants.scope_kind IS 'One of the kinds that the family has in its view access_scope, or all.';
COMMENT ON COLUMN access.grants.scope_value IS 'Value of that kind; * for the kind all.';
COMMENT ON COLUMN access.grants.granted_by IS 'Role that granted it.';
COMMENT ON COLUMN access.grants.granted_at IS 'When.';
