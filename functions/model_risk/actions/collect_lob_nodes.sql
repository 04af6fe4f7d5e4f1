-- model_risk.collect_lob_nodes()
-- Makes the working tables of a hierarchy import: all units that exist, by number and by path.
-- requires: nothing
-- source:   docs/model_risk.md, "Importing the hierarchy"

CREATE OR REPLACE FUNCTION model_risk.collect_lob_nodes()
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DROP TABLE IF EXISTS lob_nodes, lob_paths, lob_entries;
    DROP SEQUENCE IF EXISTS lob_numbers;
    -- lob_id NULL: to be created; is_changed: differs from the table
    CREATE TEMPORARY TABLE lob_nodes (
        node_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        lob_id integer UNIQUE,
        parent_no integer,
        code text NOT NULL,
        name text NOT NULL,
        level integer NOT NULL,
        org_unit text COLLATE "C" NOT NULL UNIQUE,
        is_changed boolean NOT NULL DEFAULT FALSE,
        is_new boolean NOT NULL DEFAULT FALSE,
        contact_name text,
        org_description text,
        legal_entity_id text,
        legal_entity_name text,
        short_name text,
        status_code text,
        tier text,
        UNIQUE (parent_no, code)
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE lob_paths (path text COLLATE "C" PRIMARY KEY, node_no integer NOT NULL) ON COMMIT DROP;
    CREATE TEMPORARY TABLE lob_entries (
        seq integer GENERATED ALWAYS AS IDENTITY,
        outcome text NOT NULL,
        details jsonb NOT NULL
    ) ON COMMIT DROP;
    CREATE UNIQUE INDEX ON pg_temp.lob_entries (outcome, details) WHERE outcome <> 'create';

    INSERT INTO pg_temp.lob_nodes (
        lob_id, code, name, level, org_unit, contact_name, org_description, legal_entity_id, legal_entity_name,
        short_name, status_code, tier
    )
    SELECT
        lob.lob_id, lob.code, lob.name, lob.level, lob.org_unit, lob.contact_name, lob.org_description, lob.legal_entity_id,
        lob.legal_entity_name, lob.short_name, lob.status_code, lob.tier
    FROM model_risk.lob_units AS lob
    ORDER BY lob.lob_id;
    UPDATE pg_temp.lob_nodes AS nod SET parent_no = par.node_no
    FROM model_risk.lob_units AS lob
    INNER JOIN pg_temp.lob_nodes AS par ON lob.parent_id = par.lob_id
    WHERE nod.lob_id = lob.lob_id;
    INSERT INTO pg_temp.lob_paths (path, node_no)
    WITH RECURSIVE walk AS (
        SELECT nod.node_no, nod.code AS path FROM pg_temp.lob_nodes AS nod WHERE nod.parent_no IS NULL
        UNION ALL
        SELECT nod.node_no, wal.path || '/' || nod.code
        FROM walk AS wal
        INNER JOIN pg_temp.lob_nodes AS nod ON wal.node_no = nod.parent_no
    )
    SELECT wal.path, wal.node_no FROM walk AS wal;
    EXECUTE format('CREATE TEMPORARY SEQUENCE lob_numbers AS integer START %s', (
        SELECT coalesce(max(substr(nod.org_unit, 2)::integer), 0) + 1
        FROM pg_temp.lob_nodes AS nod
        WHERE nod.org_unit ~ '^S[0-9]{4}$' AND nod.org_unit < 'S9999'
    ));
    ANALYZE pg_temp.lob_nodes;
END;
$$;

COMMENT ON FUNCTION model_risk.collect_lob_nodes IS
'pg_temp.lob_nodes, lob_paths and lob_entries, which end with the transaction, and the sequence lob_numbers of synthetic org units.';

REVOKE ALL ON FUNCTION model_risk.collect_lob_nodes FROM PUBLIC;
