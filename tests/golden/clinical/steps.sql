-- What golden cases of clinical do through the write functions, and what is kept of each before it is taken back.

-- name: prepare_writes
SELECT set_config('tidemark.call_log', 'off', FALSE);
-- ids go on after those that were loaded
DO $$
DECLARE
    v_table text;
BEGIN
    FOR v_table IN
        SELECT att.attrelid::regclass::text FROM pg_catalog.pg_attribute AS att
        INNER JOIN pg_catalog.pg_class AS cls ON att.attrelid = cls.oid
        WHERE cls.relnamespace = 'clinical'::regnamespace AND att.attname = 'id' AND att.attidentity = 'd'
    LOOP
        EXECUTE format('SELECT setval(pg_get_serial_sequence(%%L, %%L), coalesce(max(id), 1)) FROM %%s', v_table, 'id', v_table);
    END LOOP;
END;
$$;
CREATE TEMPORARY TABLE base_tracker AS SELECT * FROM clinical.reporting_effort_item_tracker;
CREATE TEMPORARY TABLE base_item AS SELECT itm.id FROM clinical.reporting_effort_items AS itm;
CREATE TEMPORARY TABLE base_text AS SELECT txt.id FROM clinical.text_elements AS txt;
CREATE TEMPORARY TABLE tried (
    op text, case_id text, answer jsonb, trackers jsonb, items jsonb, texts jsonb, counts jsonb, events jsonb, entries jsonb
);
CREATE TEMPORARY TABLE said (seq text, outcome text, comment_id integer, unresolved_count integer, total_comments bigint);

-- rows of every table of the family
CREATE FUNCTION pg_temp.row_counts() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_counts jsonb := '{}';
    v_table text;
    v_count bigint;
BEGIN
    FOR v_table IN
        SELECT cls.relname FROM pg_catalog.pg_class AS cls
        WHERE cls.relnamespace = 'clinical'::regnamespace AND cls.relkind = 'r' AND cls.relname !~ '^(.*_by_.*|queue_.*)$'
    LOOP
        EXECUTE format('SELECT count(*) FROM clinical.%%I', v_table) INTO v_count;
        v_counts := v_counts || jsonb_build_object(v_table, v_count);
    END LOOP;
    RETURN v_counts;
END;
$$;
CREATE TEMPORARY TABLE base_count AS SELECT pg_temp.row_counts() AS counts;

-- A call from the base data. What a block has changed is taken back with its error, what it has noted in variables stays.
CREATE FUNCTION pg_temp.try_call(p_op text, p_case_id text, p_call text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_tried tried;
    v_event_id bigint := (SELECT coalesce(max(chg.event_id), 0) FROM events.change AS chg);
    v_entry_no bigint := (SELECT coalesce(max(ent.entry_no), 0) FROM audit.entries AS ent);
BEGIN
    BEGIN
        EXECUTE p_call INTO v_tried.answer;
        v_tried.trackers := (SELECT jsonb_agg(to_jsonb(trk)) FROM (
            SELECT * FROM clinical.reporting_effort_item_tracker EXCEPT SELECT * FROM base_tracker
        ) AS trk);
        v_tried.items := (
            SELECT jsonb_agg(to_jsonb(itm) || jsonb_build_object(
                'trackers', (
                    SELECT count(*) FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.reporting_effort_item_id = itm.id
                ),
                'title', (SELECT txt.label FROM clinical.text_elements AS txt WHERE txt.id = tlf.title_id),
                'population', (SELECT txt.label FROM clinical.text_elements AS txt WHERE txt.id = tlf.population_flag_id),
                'ich_category', (SELECT txt.label FROM clinical.text_elements AS txt WHERE txt.id = tlf.ich_category_id),
                'footnotes', (
                    SELECT coalesce(jsonb_agg(txt.label ORDER BY lnk.sequence_number), '[]')
                    FROM clinical.reporting_effort_item_footnotes AS lnk INNER JOIN clinical.text_elements AS txt ON lnk.footnote_id = txt.id
                    WHERE lnk.reporting_effort_item_id = itm.id
                ),
                'acronyms', (
                    SELECT coalesce(jsonb_agg(txt.label ORDER BY txt.label), '[]')
                    FROM clinical.reporting_effort_item_acronyms AS lnk INNER JOIN clinical.text_elements AS txt ON lnk.acronym_id = txt.id
                    WHERE lnk.reporting_effort_item_id = itm.id
                ),
                'dataset_label', dat.label, 'sorting_order', dat.sorting_order, 'dataset_acronyms', dat.acronyms
            ))
            FROM clinical.reporting_effort_items AS itm
            LEFT JOIN clinical.reporting_effort_tlf_details AS tlf ON itm.id = tlf.reporting_effort_item_id
            LEFT JOIN clinical.reporting_effort_dataset_details AS dat ON itm.id = dat.reporting_effort_item_id
            WHERE itm.id NOT IN (SELECT bas.id FROM base_item AS bas)
        );
        v_tried.texts := (
            SELECT jsonb_agg(to_jsonb(txt)) FROM clinical.text_elements AS txt WHERE txt.id NOT IN (SELECT bas.id FROM base_text AS bas)
        );
        v_tried.counts := pg_temp.row_counts();
        v_tried.events := (SELECT coalesce(jsonb_agg(to_jsonb(chg)), '[]') FROM events.change AS chg WHERE chg.event_id > v_event_id);
        v_tried.entries := (
            SELECT coalesce(jsonb_agg(to_jsonb(ent)), '[]') FROM audit.entries AS ent WHERE ent.entry_no > v_entry_no
        );
        RAISE EXCEPTION 'taken back' USING ERRCODE = 'TM000';
    EXCEPTION
        WHEN SQLSTATE 'TM000' THEN NULL;
    END;
    v_tried.op := p_op;
    v_tried.case_id := p_case_id;
    INSERT INTO tried VALUES (v_tried.*);
END;
$$;

-- One step of the conversation, which stays.
CREATE FUNCTION pg_temp.say(p_request jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_actor_id integer := p_request ->> 'actor_user_id';
    v_tracker_id integer := p_request ->> 'tracker_id';
    v_comment_id integer := (SELECT CASE split_part(p_request ->> 'comment_ref', ':', 1)
        WHEN 'id' THEN split_part(p_request ->> 'comment_ref', ':', 2)::integer
        WHEN 'new' THEN (SELECT sai.comment_id FROM said AS sai WHERE sai.seq = split_part(p_request ->> 'comment_ref', ':', 2))
    END);
    v_parent_id integer := (SELECT CASE split_part(p_request ->> 'parent_ref', ':', 1)
        WHEN 'id' THEN split_part(p_request ->> 'parent_ref', ':', 2)::integer
        WHEN 'new' THEN (SELECT sai.comment_id FROM said AS sai WHERE sai.seq = split_part(p_request ->> 'parent_ref', ':', 2))
    END);
    v_said said;
BEGIN
    CASE p_request ->> 'op'
        WHEN 'create' THEN
            SELECT cre.status, cre.comment_id INTO v_said.outcome, v_said.comment_id
            FROM clinical.create_comment(
                v_actor_id, v_tracker_id, p_request ->> 'comment_text', p_request ->> 'comment_type', v_parent_id
            ) AS cre;
        WHEN 'resolve' THEN v_said.outcome := clinical.resolve_comment(v_actor_id, v_comment_id);
        WHEN 'unresolve' THEN v_said.outcome := clinical.unresolve_comment(v_actor_id, v_comment_id);
        WHEN 'edit' THEN v_said.outcome := clinical.edit_comment(v_actor_id, v_comment_id, p_request ->> 'comment_text');
        WHEN 'delete' THEN v_said.outcome := (SELECT del.status FROM clinical.delete_comment(v_actor_id, v_comment_id) AS del);
    END CASE;
    v_said.seq := p_request ->> 'seq';
    SELECT trk.unresolved_comment_count, (SELECT count(*) FROM clinical.tracker_comments AS cmt WHERE cmt.tracker_id = trk.id)
    INTO v_said.unresolved_count, v_said.total_comments
    FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.id = v_tracker_id;
    INSERT INTO said VALUES (v_said.*);
END;
$$;

-- name: try_assign
SELECT pg_temp.try_call('assign', %(case_id)s, CASE %(op)s::text
    WHEN 'assign' THEN format(
        'SELECT jsonb_build_object(''status'', clinical.assign_programmer(%%L, %%L, %%L, %%L))',
        %(actor_user_id)s::text, %(tracker_id)s::text, %(role)s::text, %(user_id)s::text
    )
    ELSE format(
        'SELECT jsonb_build_object(''status'', clinical.unassign_programmer(%%L, %%L, %%L))',
        %(actor_user_id)s::text, %(tracker_id)s::text, %(role)s::text
    )
END);

-- name: try_bulk_update
SELECT pg_temp.try_call('bulk_update', %(batch_id)s, format(
    'SELECT to_jsonb(ans) FROM clinical.bulk_update_trackers(%%L, %%L) AS ans', %(actor_user_id)s::text, %(payload)s::text
));

-- name: try_bulk_assign
SELECT pg_temp.try_call('bulk_assign', %(batch_id)s, format(
    'SELECT to_jsonb(ans) FROM clinical.bulk_assign_trackers(%%L, %%L) AS ans', %(actor_user_id)s::text, %(payload)s::text
));

-- name: try_import
SELECT pg_temp.try_call('import', %(batch_id)s, format(
    'SELECT to_jsonb(ans) FROM clinical.import_trackers(%%L, %%L, %%L, %%L) AS ans',
    %(actor_user_id)s::text, %(reporting_effort_id)s::text, %(payload)s::text, %(update_existing)s::text
));

-- name: try_bulk_create
SELECT pg_temp.try_call('bulk_create', %(batch_id)s, format(
    'SELECT to_jsonb(ans) FROM clinical.bulk_create_items(%%L, %%L, %%L, %%L) AS ans',
    %(actor_user_id)s::text, %(reporting_effort_id)s::text, %(kind)s::text, %(payload)s::text
));

-- name: try_copy
SELECT pg_temp.try_call('copy', %(case_id)s, format(
    'SELECT to_jsonb(ans) FROM clinical.copy_items(%%L, %%L, %%L, %%L, %%L, %%L) AS ans',
    %(actor_user_id)s::text, %(source)s::text, %(source_id)s::text, %(target_effort_id)s::text, %(item_type)s::text,
    translate(%(item_ids)s::text, '[]', '{}')
));

-- name: try_delete
SELECT pg_temp.try_call('delete', %(case_id)s, format(
    'SELECT to_jsonb(ans) FROM clinical.%%I(%%L, %%L) AS ans',
    'delete_' || CASE %(entity)s::text WHEN 'reporting_effort_item' THEN 'item' WHEN 'tracker_tag' THEN 'tag' ELSE %(entity)s::text END,
    %(actor_user_id)s::text, %(entity_id)s::text
));

-- name: try_tag
SELECT pg_temp.try_call('tag', %(case_id)s, format(
    'SELECT to_jsonb(ans) FROM clinical.%%I(%%L, %%L, %%L) AS ans',
    %(op)s::text || '_tag', %(actor_user_id)s::text, %(tag_id)s::text, translate(%(tracker_ids)s::text, '[]', '{}')
));

-- name: say
SELECT pg_temp.say(jsonb_build_object(
    'seq', %(seq)s::text, 'actor_user_id', %(actor_user_id)s::text, 'op', %(op)s::text, 'tracker_id', %(tracker_id)s::text,
    'comment_ref', %(comment_ref)s::text, 'parent_ref', %(parent_ref)s::text, 'comment_type', %(comment_type)s::text,
    'comment_text', %(comment_text)s::text
));

-- name: prepare_trail
CREATE TEMPORARY TABLE purged (now_utc text, days_to_keep text, n_deleted bigint);
CREATE TEMPORARY TABLE summed (now_utc text, days text, dimension text, key text, n bigint);
-- a purge that is taken back; its number stays
CREATE FUNCTION pg_temp.purged_count(p_days integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_before bigint := (SELECT count(*) FROM clinical.audit_log AS log WHERE log.created_at < refresh.now());
    v_count bigint;
BEGIN
    BEGIN
        SELECT pur.deleted_count INTO v_count FROM clinical.purge_audit_log(1, p_days) AS pur;
        IF v_before - v_count <> (SELECT count(*) FROM clinical.audit_log AS log WHERE log.created_at < refresh.now()) THEN
            v_count := NULL;
        END IF;
        RAISE EXCEPTION 'taken back' USING ERRCODE = 'TM000';
    EXCEPTION
        WHEN SQLSTATE 'TM000' THEN NULL;
    END;
    RETURN v_count;
END;
$$;

-- name: load_trail
INSERT INTO clinical.audit_log (
    id, table_name, record_id, action, user_id, user_role, batch_id, changes, ip_address, user_agent, created_at
)
VALUES (
    %(id)s::text::bigint, %(table_name)s, %(record_id)s::text::integer, %(action)s, %(user_id)s::text::integer, %(user_role)s,
    %(batch_id)s::text::bigint, %(changes)s::text::jsonb, %(ip_address)s, %(user_agent)s, %(created_at)s::text::timestamptz
);

-- name: sum_trail
INSERT INTO summed
SELECT %(now_utc)s, %(days)s, sum.dimension, sum.key, sum.n
FROM clinical.audit_summary_of(1, %(days)s::text::integer) AS sum
WHERE NOT EXISTS (SELECT FROM summed AS don WHERE (don.now_utc, don.days) = (%(now_utc)s::text, %(days)s::text));

-- name: try_purge
INSERT INTO purged SELECT %(now_utc)s, %(days_to_keep)s, pg_temp.purged_count(%(days_to_keep)s::text::integer);
