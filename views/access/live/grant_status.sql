-- access.grant_status
-- Every grant with what it opens, and whether it holds.
-- grain:    one row per grant
-- requires: access.scope_values()
-- source:   docs/access.md, "Looking"

CREATE OR REPLACE VIEW access.grant_status AS
WITH known AS MATERIALIZED (
    SELECT
        sco.family,
        sco.scope_kind,
        sco.scope_value,
        min(sco.scope_label) AS scope_label
    FROM access.scope_values() AS sco
    GROUP BY sco.family, sco.scope_kind, sco.scope_value
)

SELECT
    gra.login,
    gra.family,
    gra.scope_kind,
    gra.scope_value,
    CASE gra.scope_kind WHEN 'all' THEN 'every row' ELSE known.scope_label END AS scope_label,
    rol.oid IS NOT NULL AS holds,
    CASE
        WHEN rol.oid IS NULL AND EXISTS (SELECT FROM pg_catalog.pg_roles AS other WHERE other.rolname = gra.login)
            THEN 'it was given to another role of this name'
        WHEN rol.oid IS NULL THEN 'there is no such role'
        WHEN gra.scope_kind <> 'all' AND known.scope_value IS NULL THEN 'there is no such value now'
    END AS problem,
    gra.granted_by,
    gra.granted_at
FROM access.grants AS gra
LEFT JOIN pg_catalog.pg_roles AS rol ON gra.login_oid = rol.oid AND gra.login = rol.rolname
LEFT JOIN known ON gra.family = known.family AND gra.scope_kind = known.scope_kind AND gra.scope_value = known.scope_value;

COMMENT ON VIEW access.grant_status IS
'Grants of access.grants. holds: false when the role was dropped, renamed or made anew since, or the database was restored into another cluster; the grant then opens nothing until access.confirm_grants().';
