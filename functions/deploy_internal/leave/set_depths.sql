-- deploy_internal.set_depths()
-- Counts how far above the changed relations each thing stands: the order in which they come back.
-- requires: nothing
-- source:   docs/beside.md, "How they come back"

CREATE OR REPLACE FUNCTION deploy_internal.set_depths()
RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE rise (address, depth) AS (
        SELECT concat_ws(' ', asi.kind, asi.identity), 0 FROM deploy.stepped_aside AS asi WHERE asi.is_root
        UNION
        SELECT concat_ws(' ', asi.kind, asi.identity), rise.depth + 1
        FROM rise
        INNER JOIN deploy.stepped_aside AS asi ON rise.address = ANY (asi.needs)
    )

    UPDATE deploy.stepped_aside AS asi SET depth = highest.depth
    FROM (SELECT rise.address, max(rise.depth) AS depth FROM rise GROUP BY rise.address) AS highest
    WHERE concat_ws(' ', asi.kind, asi.identity) = highest.address AND asi.depth <> highest.depth;
END;

COMMENT ON FUNCTION deploy_internal.set_depths IS
'depth: the longest way down to a root. What needs something stands higher than it.';

REVOKE ALL ON FUNCTION deploy_internal.set_depths FROM PUBLIC;
