-- refresh_internal.unsteady_parts()
-- Names what a live view may answer differently for the same rows: what depends on the order in which they are read.
-- requires: refresh_internal.objects_of()
-- source:   docs/refresh.md, "What is not the same twice"

-- The stored form of a query names every aggregate by number and writes the parts of each node in braces: its own ORDER BY is
-- the one at the depth of the node.
CREATE OR REPLACE FUNCTION refresh_internal.unsteady_parts(p_live regclass)
RETURNS TABLE (part text, place text, remedy text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH object AS MATERIALIZED (
        SELECT obj.object_kind, obj.object_id, obj.object_name FROM refresh_internal.objects_of(p_live) AS obj
    ),

    body AS MATERIALIZED (
        SELECT every.name, every.tree, row_number() OVER () AS number
        FROM (
            SELECT obj.object_name AS name, rul.ev_action::text AS tree
            FROM object AS obj
            INNER JOIN pg_rewrite AS rul ON obj.object_kind = 'view' AND rul.ev_class = obj.object_id
            UNION
            SELECT obj.object_name, fun.prosqlbody::text
            FROM object AS obj
            INNER JOIN pg_proc AS fun ON obj.object_kind = 'function' AND fun.oid = obj.object_id
            WHERE fun.prosqlbody IS NOT NULL AND fun.pronamespace NOT IN ('refresh'::regnamespace, 'refresh_internal'::regnamespace)
        ) AS every
    ),

    token AS MATERIALIZED (
        SELECT
            body.name,
            body.number,
            found.part[1] AS text,
            found.position,
            sum(CASE left(found.part[1], 1) WHEN '{' THEN 1 WHEN '}' THEN -1 ELSE 0 END)
            OVER (PARTITION BY body.number ORDER BY found.position) AS depth
        FROM body
        CROSS JOIN LATERAL regexp_matches(body.tree,
            '(?<!\\)(\{(?:AGGREF :aggfnoid \d+|WINDOWFUNC :winfnoid \d+|QUERY )?|\}|:aggorder \(|:aggdistinct \(|:sortClause \('
            '|:limitCount (?=\{)|:hasDistinctOn true|:hasAggs true|:groupClause \()', 'g')
        WITH ORDINALITY AS found (part, position)
    ),

    owned AS MATERIALIZED (
        SELECT
            token.name,
            token.number,
            token.text,
            -- the node that was opened last at this depth is the one this stands in
            max(token.position) FILTER (WHERE left(token.text, 1) = '{')
            OVER (PARTITION BY token.number, token.depth ORDER BY token.position) AS node
        FROM token
        WHERE token.text <> '}'
    ),

    asked AS MATERIALIZED (
        SELECT
            node.name,
            node.kind,
            node.marks,
            fun.proname::text AS function_name,
            -- binary fractions round, and so sums depend on the order
            agg.aggtranstype IN ('float4'::regtype, 'float8'::regtype, 'float8[]'::regtype) AND fun.proname NOT IN ('min', 'max') AS is_rounded,
            fun.proname IN ('array_agg', 'string_agg', 'json_agg', 'jsonb_agg', 'json_agg_strict', 'jsonb_agg_strict', 'json_object_agg',
                'json_object_agg_strict', 'json_object_agg_unique', 'json_object_agg_unique_strict', 'xmlagg', 'any_value') AS is_listed
        FROM (
            SELECT
                owned.name,
                substr(min(owned.text) FILTER (WHERE left(owned.text, 1) = '{'), 2) AS kind,
                string_agg(owned.text, ' ') FILTER (WHERE left(owned.text, 1) <> '{') AS marks
            FROM owned
            GROUP BY owned.name, owned.number, owned.node
        ) AS node
        LEFT JOIN pg_proc AS fun ON node.kind LIKE '%fnoid%' AND fun.oid = (regexp_match(node.kind, '\d+'))[1]::oid AND fun.oid < 16384
        LEFT JOIN pg_aggregate AS agg ON agg.aggfnoid = fun.oid
        WHERE node.kind <> ''
    )

    SELECT DISTINCT
        CASE
            WHEN asked.is_rounded THEN format('%s() of binary fractions, which round by the order of the rows', asked.function_name)
            WHEN asked.is_listed THEN format('%s() without ORDER BY', asked.function_name)
            WHEN asked.marks LIKE '%:limitCount%' THEN 'LIMIT without ORDER BY'
            ELSE 'DISTINCT ON without ORDER BY'
        END,
        asked.name,
        CASE
            WHEN asked.is_rounded THEN 'take numeric, or give the aggregate an ORDER BY'
            WHEN asked.function_name = 'any_value' THEN 'take min() or max()'
            WHEN asked.is_listed THEN 'give the aggregate an ORDER BY that leaves no ties'
            ELSE 'add an ORDER BY that leaves no ties'
        END
    FROM asked
    WHERE
        ((asked.is_rounded OR asked.is_listed) AND coalesce(asked.marks, '') NOT LIKE '%:aggorder%'
            AND coalesce(asked.marks, '') NOT LIKE '%:aggdistinct%' AND (asked.kind LIKE 'AGGREF%' OR asked.is_rounded))
        OR (asked.kind LIKE 'QUERY%' AND asked.marks NOT LIKE '%:sortClause%' AND (
            asked.marks LIKE '%:hasDistinctOn%'
            OR (asked.marks LIKE '%:limitCount%' AND (asked.marks NOT LIKE '%:hasAggs%' OR asked.marks LIKE '%:groupClause%'))
        ));
END;

COMMENT ON FUNCTION refresh_internal.unsteady_parts IS
'Per part what it is, the view or function it stands in, and how to write it so that the stored rows and the live ones are equal bit by bit. An ORDER BY that leaves ties is not found.';

REVOKE ALL ON FUNCTION refresh_internal.unsteady_parts FROM PUBLIC;
