-- refresh_internal.mapping_for()
-- Decides how a change in one source becomes keys of one stored view.
-- requires: refresh_internal.common_columns(), refresh_internal.probe_mapping()
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.mapping_for(
    p_view refresh.stored_views,
    p_source_name text,
    p_source_kind text,
    p_source_mode text,
    OUT mapping_kind text,
    OUT mapping text,
    OUT map_columns text[],
    OUT queue_columns text[],
    OUT queue_types text[]
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_declared text;
    v_is_old boolean;
    v_known refresh.view_sources;
    v_types text[];
    v_common text[];
BEGIN
    -- declared for what the view was before this transaction: it need not fit any more, and may be declared anew in a moment
    SELECT dec.mapping, dec.declared_in <> pg_current_xact_id() INTO v_declared, v_is_old
    FROM refresh.declared_mappings AS dec
    WHERE dec.view_name = p_view.view_name AND dec.source_name = p_source_name;
    IF lower(v_declared) IN ('all', 'none') THEN
        mapping_kind := lower(v_declared);
    ELSIF (v_declared IS NULL OR v_is_old) AND (p_view.mode = 'full' OR p_source_mode = 'full') THEN
        mapping_kind := 'all';  -- one side knows no single rows
    ELSIF v_declared IS NOT NULL THEN
        mapping := v_declared;
    ELSE
        v_common := refresh_internal.common_columns(to_regclass(p_source_name), p_view.key_columns, p_view.key_types);
        SELECT 'SELECT ' || string_agg(format('%I', common.name), ', ' ORDER BY common.position) || ' FROM changed' INTO mapping
        FROM unnest(v_common) WITH ORDINALITY AS common (name, position);
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
    mapping_kind := 'keys';
    -- a mapping that was probed before needs no second probe while the source keeps its column types
    SELECT vs.* INTO v_known
    FROM refresh.view_sources AS vs
    WHERE vs.view_id = p_view.view_id AND vs.source_name = p_source_name AND vs.mapping = mapping_for.mapping
        AND vs.map_columns <@ p_view.key_columns;
    IF FOUND THEN
        SELECT array_agg(format_type(att.atttypid, att.atttypmod) ORDER BY needed.position) INTO v_types
        FROM unnest(v_known.queue_columns) WITH ORDINALITY AS needed (name, position)
        LEFT JOIN pg_attribute AS att
            ON att.attrelid = to_regclass(p_source_name) AND att.attname = needed.name AND NOT att.attisdropped;
        IF coalesce(v_types, '{}') = v_known.queue_types THEN
            map_columns := v_known.map_columns;
            queue_columns := v_known.queue_columns;
            queue_types := v_known.queue_types;
            RETURN;
        END IF;
    END IF;
    SELECT pro.map_columns, pro.queue_columns, pro.queue_types
    INTO map_columns, queue_columns, queue_types
    FROM refresh_internal.probe_mapping(
        to_regclass(p_source_name), p_view.view_name, mapping, p_view.key_columns, p_view.key_types
    ) AS pro;
EXCEPTION
    WHEN syntax_error_or_access_rule_violation THEN
        IF v_is_old IS NOT TRUE THEN
            RAISE;
        END IF;
        mapping_kind := 'missing';
        mapping := NULL;
END;
$$;

COMMENT ON FUNCTION refresh_internal.mapping_for IS
'The declared mapping, or the key columns both sides share; kind missing when there is neither.';

REVOKE ALL ON FUNCTION refresh_internal.mapping_for FROM PUBLIC;
