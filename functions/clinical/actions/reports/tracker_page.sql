-- clinical.tracker_page()
-- One page of a list of trackers: the fields asked for, and where it goes on.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.refuse_argument(), clinical.filter_problem(), clinical.tracker_page_ids(), clinical.tracker_rows(), clinical.cursor_of(), clinical.cursor_place(), refresh.as_of_date()
-- source:   docs/clinical.md, "Lists"

CREATE OR REPLACE FUNCTION clinical.tracker_page(
    p_actor_id integer,
    p_effort_id integer,
    p_fields text[] DEFAULT '{id,production_status,prod_programmer_username}',
    p_filters jsonb DEFAULT '{}',
    p_sort text DEFAULT 'id',
    p_direction text DEFAULT 'asc',
    p_limit integer DEFAULT 100,
    p_cursor text DEFAULT NULL,
    p_as_of date DEFAULT refresh.as_of_date(),
    OUT rows jsonb,
    OUT next_cursor text,
    OUT has_next boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_visibility text := clinical.require_permission(p_actor_id);
    v_problem text;
    v_print text;
    v_after jsonb;
    v_ids integer[];
    v_keys text[];
BEGIN
    SELECT min(fld.name) INTO v_problem
    FROM unnest(p_fields) AS fld (name)
    WHERE fld.name IS NULL OR fld.name NOT IN (
        'reporting_effort_id', 'id', 'reporting_effort_item_id', 'item_code', 'item_type', 'item_subtype', 'item_title',
        'production_programmer_id', 'prod_programmer_username', 'production_status', 'qc_programmer_id',
        'qc_programmer_username', 'qc_status', 'priority', 'qc_level', 'due_date', 'qc_completion_date',
        'in_production_flag', 'is_active', 'unresolved_comment_count', 'comment_count', 'tags', 'created_at',
        'updated_at', 'due_state', 'days_late'
    );
    IF v_problem IS NOT NULL OR array_position(p_fields, NULL) IS NOT NULL OR coalesce(cardinality(p_fields), 0) = 0 THEN
        PERFORM clinical.refuse_argument(
            'bad_field', format('a list of trackers has no field %s', coalesce(v_problem, 'NULL')),
            'Fields are the columns of clinical.tracker_bulk(), due_state and days_late.'
        );
    END IF;
    v_problem := clinical.filter_problem(p_filters);
    IF v_problem IS NOT NULL THEN
        PERFORM clinical.refuse_argument(
            'bad_filter', format('a list of trackers cannot be filtered by "%s" so', v_problem), 'docs/clinical.md lists the filters and their values.'
        );
    END IF;
    IF p_sort IS NULL OR p_sort NOT IN ('id', 'item_code', 'due_date', 'priority', 'updated_at', 'unresolved_comment_count')
        OR p_direction IS NULL OR p_direction NOT IN ('asc', 'desc') THEN
        PERFORM clinical.refuse_argument(
            'bad_sort', format('a list of trackers has no order by %s %s', coalesce(p_sort, 'NULL'), coalesce(p_direction, 'NULL')),
            'Sort by id, item_code, due_date, priority, updated_at or unresolved_comment_count, asc or desc.'
        );
    END IF;
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        PERFORM clinical.refuse_argument(
            'bad_limit', format('a page cannot have %s rows', coalesce(p_limit::text, 'NULL')), 'Give 1 to 1000.'
        );
    END IF;
    v_print := left(encode(sha256(convert_to(
        jsonb_build_array(p_effort_id, p_filters, p_sort, p_direction, v_visibility)::text, 'UTF8'
    )), 'hex'), 16);
    IF p_cursor IS NOT NULL THEN
        v_after := clinical.cursor_place(p_cursor, p_sort);
        IF v_after IS NULL OR v_after ->> 'print' <> v_print THEN
            PERFORM clinical.refuse_argument(
                'bad_cursor', 'the cursor does not belong to this list',
                'Give the next_cursor of a page with the same effort, filters, sort and direction, or none for the first page.'
            );
        END IF;
    END IF;

    SELECT array_agg(pag.id ORDER BY pag.place), array_agg(pag.sort_key ORDER BY pag.place) INTO v_ids, v_keys
    FROM clinical.tracker_page_ids(
        p_effort_id, v_visibility, p_filters, p_as_of, p_sort, p_direction, p_limit + 1, v_after ->> 'key', (v_after ->> 'id')::integer
    ) WITH ORDINALITY AS pag (id, sort_key, place);
    has_next := coalesce(cardinality(v_ids) > p_limit, FALSE);
    IF has_next THEN
        next_cursor := clinical.cursor_of(v_keys[p_limit], v_ids[p_limit], v_print);
    END IF;
    rows := clinical.tracker_rows(v_ids[:p_limit], p_fields, p_as_of);
    PERFORM clinical.note_read('tracker_page', p_actor_id, v_started, cardinality(v_ids[:p_limit]));
END;
$$;

COMMENT ON FUNCTION clinical.tracker_page IS
'rows: array of objects with exactly the fields asked for. next_cursor: NULL on the last page; rows that are written between two pages make no other row come twice or not at all. Raises 42501 without core.read; 22023 with the detail bad_field, bad_filter, bad_sort, bad_limit or bad_cursor.';

REVOKE ALL ON FUNCTION clinical.tracker_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.tracker_page TO tidemark_app;
