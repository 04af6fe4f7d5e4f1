-- planning.user_access_by_role
-- What the roles of each user open, kept inside the transaction that changes it.
-- grain:    one row per user and role that counts; a user without one has a row with role_type NULL
-- requires: refresh.store(), planning.user_access
-- source:   docs/planning.md, "Access of a user"

SELECT refresh.store(
    'planning.user_access_by_role',
    live => 'planning.user_access',
    key => '{user_id, role_type}',
    target_lag => '0'  -- what was taken away is gone at commit
);

COMMENT ON VIEW planning.user_access_by_role IS
'Same columns and rows as planning.user_access.';

GRANT SELECT ON planning.user_access_by_role, planning.user_access_by_role_as_of TO tidemark_operator;
