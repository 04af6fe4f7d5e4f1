-- refresh_internal.mapping_for()
-- Decides how a change in one source becomes keys of one stored view.
-- requires: refresh_internal.probe_mapping(), refresh_internal.bare_mapping(), refresh_internal.bare_names(), refresh_internal.column_type_of()
-- requires: refresh_internal.mapping_parts(), refresh_internal.refuse()
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.mapping_for(
    p_view refresh.stored_views,
    p_source_name text,
    p_source_kind text,
    p_source_mode text,
    p_sources text[],
    OUT mapping_kind text,
    OUT mapping text,
    OUT map_columns text[],
    OUT reads jsonb,
    OUT is_derived boolean,
    OUT map_reason text,
    OUT parts jsonb
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_declared text;
    v_is_old boolean;
    v_derived refresh_internal.derived_mappings;
    v_known refresh.view_sources;
    v_part record;
    v_probed record;
BEGIN
    reads := '{}';
    is_derived := FALSE;
    -- declared for what the view was before this transaction: it need not fit any more, and may be declared anew in a moment
    SELECT dec.mapping, dec.declared_in <> pg_current_xact_id() INTO v_declared, v_is_old
    FROM refresh.declared_mappings AS dec
    WHERE dec.view_name = p_view.view_name AND dec.source_name = p_source_name;
    IF v_declared IS NULL THEN
        SELECT der.* INTO v_derived
        FROM refresh_internal.derived_mappings AS der
        WHERE der.view_name = p_view.view_name AND der.source_name = p_source_name;
        IF FOUND THEN
            is_derived := TRUE;
            map_reason := v_derived.reason;
            v_declared := v_derived.mapping;
            v_is_old := TRUE;
            IF v_derived.definition_hash <> p_view.definition_hash THEN
                v_declared := 'all';
                map_reason := 'the live view changed since its mappings were derived; tidemark apply derives them again';
            END IF;
        END IF;
    END IF;
    IF v_declared IS NULL AND p_view.mode = 'keyed' AND EXISTS (
        SELECT FROM pg_attribute AS att
        WHERE att.attrelid = to_regclass(p_source_name) AND att.attname::text = ANY (p_view.key_columns) AND NOT att.attisdropped
    ) THEN
        -- nearly every table has an id: the name of a column does not say whose key it is
        v_declared := 'all';
        v_is_old := TRUE;
        is_derived := TRUE;
        map_reason := 'it has columns named like the key, which proves nothing; say with refresh.affects() which keys a change touches';
    END IF;
    IF lower(v_declared COLLATE "C") IN ('all', 'none') THEN
        mapping_kind := lower(v_declared COLLATE "C");
    ELSIF (v_declared IS NULL OR v_is_old) AND (p_view.mode = 'full' OR p_source_mode = 'full') THEN
        mapping_kind := 'all';  -- one side knows no single rows
    ELSE
        mapping := v_declared;
    END IF;
    IF p_source_kind = 'other' AND mapping_kind IS DISTINCT FROM 'none' THEN
        mapping_kind := 'missing';  -- a foreign table or materialized view tells nobody that it changed
        mapping := NULL;
    END IF;
    IF mapping IS NULL THEN
        mapping_kind := coalesce(mapping_kind, 'missing');
        RETURN;
    END IF;
    IF p_view.mode = 'full' OR p_source_mode = 'full' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('changes of %s cannot be mapped to keys of %s', p_source_name, p_view.view_name),
            DETAIL = 'One of the two is kept in mode full, which knows no single rows.',
            HINT = 'Declare the mapping all or none, or give both stored views a key.';
    END IF;
    IF v_is_old THEN
        mapping := refresh_internal.bare_mapping(mapping, p_sources);  -- from an earlier release
    END IF;
    mapping_kind := 'keys';
    -- a mapping that was probed before needs no second probe while all it reads has the columns it needs
    SELECT vs.* INTO v_known
    FROM refresh.view_sources AS vs
    WHERE vs.view_id = p_view.view_id AND vs.source_name = p_source_name AND vs.mapping = mapping_for.mapping
        AND vs.map_columns <@ p_view.key_columns AND vs.reads <> '{}'
        -- a column or table read beside the changes may be gone
        AND NOT EXISTS (
            SELECT FROM jsonb_each(vs.reads) AS beside (name, columns)
            LEFT JOIN refresh_internal.bare_names(p_sources) AS named ON beside.name = named.bare_name
            CROSS JOIN LATERAL jsonb_array_elements_text(beside.columns) AS needed (name)
            WHERE beside.name <> 'changed' AND refresh_internal.column_type_of(to_regclass(named.source_name), needed.name) IS NULL
        )
        AND ARRAY(SELECT other.source_name FROM refresh.view_sources AS other WHERE other.view_id = p_view.view_id) @> p_sources
        -- what has no queue yet was probed in this transaction
        AND (vs.queue_columns IS NULL OR vs.queue_types IS NOT DISTINCT FROM (
            SELECT coalesce(array_agg(refresh_internal.column_type_of(to_regclass(p_source_name), needed.name, FALSE) ORDER BY needed.position), '{}')
            FROM unnest(vs.queue_columns) WITH ORDINALITY AS needed (name, position)
        ));
    IF FOUND THEN
        map_columns := v_known.map_columns;
        reads := v_known.reads;
        parts := v_known.parts;
        RETURN;
    END IF;
    FOR v_part IN SELECT part.* FROM refresh_internal.mapping_parts(mapping) AS part ORDER BY part.number LOOP
        IF v_part.number = 1 AND v_part.is_bulk THEN
            PERFORM refresh_internal.refuse('syntax_error', format('the mapping from %s to %s begins with IN BULK', p_source_name, p_view.view_name),
                'A statement that touches few rows would concern no key.', 'Give first the query for single changes.');
        END IF;
        v_probed := refresh_internal.probe_mapping(
            p_source_name, p_view.view_name, v_part.query, p_view.key_columns, p_view.key_types, p_sources
        );
        map_columns := coalesce(map_columns, v_probed.map_columns);
        parts := coalesce(parts, '[]') || jsonb_build_object(
            'mapping', v_part.query, 'columns', v_probed.map_columns, 'reads', v_probed.reads, 'is_bulk', v_part.is_bulk);
        SELECT jsonb_object_agg(every.name, every.columns) INTO reads
        FROM (
            SELECT beside.name, coalesce(jsonb_agg(DISTINCT col.name) FILTER (WHERE col.name IS NOT NULL), '[]') AS columns
            FROM (SELECT * FROM jsonb_each(reads) UNION ALL SELECT * FROM jsonb_each(v_probed.reads)) AS beside (name, columns)
            LEFT JOIN LATERAL jsonb_array_elements_text(beside.columns) AS col (name) ON TRUE
            GROUP BY beside.name
        ) AS every;
        reads := coalesce(reads, '{}');
    END LOOP;
    parts := CASE WHEN jsonb_array_length(parts) > 1 THEN parts END;
EXCEPTION
    WHEN syntax_error_or_access_rule_violation THEN
        IF v_is_old IS NOT TRUE THEN
            RAISE;
        END IF;
        -- outside a declaration nobody is about to say better: every key is right until somebody does
        mapping_kind := CASE WHEN is_derived OR p_view.declared_in <> pg_current_xact_id() THEN 'all' ELSE 'missing' END;
        map_reason := CASE WHEN mapping_kind = 'all'
            THEN format('its %s mapping does not fit: %s', CASE WHEN is_derived THEN 'derived' ELSE 'declared' END, SQLERRM) END;
        mapping := NULL;
        map_columns := NULL;
        parts := NULL;
        reads := '{}';
END;
$$;

COMMENT ON FUNCTION refresh_internal.mapping_for IS
'The declared mapping, else the derived one; when there is neither, every key where column names suggest a relation, else kind missing. Equal names prove nothing.';

REVOKE ALL ON FUNCTION refresh_internal.mapping_for FROM PUBLIC;
