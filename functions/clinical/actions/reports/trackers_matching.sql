-- clinical.trackers_matching()
-- The trackers of a reporting effort that filters let through, with what lists are sorted by.
-- requires: clinical.due_state(), clinical.search_pattern()
-- source:   docs/clinical.md, "Filters"
-- Inlined where it is called, with constants: of a filter that is not given the plan holds nothing, no join either.

CREATE OR REPLACE FUNCTION clinical.trackers_matching(p_effort_id integer, p_visibility text, p_filters jsonb, p_as_of date)
RETURNS TABLE (
    id integer,
    reporting_effort_item_id integer,
    due_date date,
    priority_rank smallint,
    updated_at timestamptz,
    unresolved_comment_count integer
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        trk.id,
        trk.reporting_effort_item_id,
        trk.due_date,
        trk.priority_rank,
        trk.updated_at,
        trk.unresolved_comment_count
    FROM clinical.reporting_effort_item_tracker AS trk
    WHERE trk.reporting_effort_id = p_effort_id
        AND (
            p_visibility = 'all'
            OR EXISTS (SELECT FROM clinical.reporting_effort_items AS itm WHERE itm.id = trk.reporting_effort_item_id AND itm.is_active)
        )
        AND (NOT p_filters ? 'production_status' OR p_filters -> 'production_status' ? trk.production_status)
        AND (NOT p_filters ? 'qc_status' OR p_filters -> 'qc_status' ? trk.qc_status)
        AND (NOT p_filters ? 'priority' OR p_filters -> 'priority' ? trk.priority)
        AND (
            NOT p_filters ?| ARRAY['item_type', 'item_subtype']
            OR EXISTS (
                SELECT FROM clinical.reporting_effort_items AS itm
                WHERE itm.id = trk.reporting_effort_item_id
                    AND (NOT p_filters ? 'item_type' OR p_filters -> 'item_type' ? itm.item_type)
                    AND (NOT p_filters ? 'item_subtype' OR p_filters -> 'item_subtype' ? itm.item_subtype)
            )
        )
        AND (
            NOT p_filters ? 'production_programmer_id'
            OR trk.production_programmer_id IS NOT DISTINCT FROM (p_filters ->> 'production_programmer_id')::integer
        )
        AND (
            NOT p_filters ? 'qc_programmer_id' OR trk.qc_programmer_id IS NOT DISTINCT FROM (p_filters ->> 'qc_programmer_id')::integer
        )
        AND (
            NOT p_filters ? 'programmer_id'
            OR (p_filters ->> 'programmer_id')::integer IN (trk.production_programmer_id, trk.qc_programmer_id)
        )
        AND (
            NOT p_filters ? 'tag_id'
            OR EXISTS (
                SELECT FROM clinical.tracker_item_tags AS lnk
                WHERE lnk.tracker_id = trk.id AND lnk.tag_id = (p_filters ->> 'tag_id')::integer
            )
        )
        AND (NOT p_filters ? 'has_unresolved' OR (trk.unresolved_comment_count > 0) = (p_filters ->> 'has_unresolved')::boolean)
        AND (
            NOT p_filters ? 'has_comments'
            OR (EXISTS (SELECT FROM clinical.tracker_comments AS cmt WHERE cmt.tracker_id = trk.id))
            = (p_filters ->> 'has_comments')::boolean
        )
        AND (NOT p_filters ? 'due_from' OR trk.due_date >= (p_filters ->> 'due_from')::date)
        AND (NOT p_filters ? 'due_to' OR trk.due_date <= (p_filters ->> 'due_to')::date)
        AND (
            NOT p_filters ? 'due_state'
            OR p_filters -> 'due_state' ? clinical.due_state(trk.production_status, trk.due_date, p_as_of)
        )
        AND (NOT p_filters ? 'in_production_flag' OR trk.in_production_flag = (p_filters ->> 'in_production_flag')::boolean)
        AND (
            clinical.search_pattern(p_filters ->> 'q') IS NULL
            -- collation: as in search_pattern()
            OR EXISTS (
                SELECT FROM clinical.users AS usr
                WHERE usr.id IN (trk.production_programmer_id, trk.qc_programmer_id)
                    AND lower(usr.username) LIKE clinical.search_pattern(p_filters ->> 'q') -- collation: as in search_pattern()
            )
            OR EXISTS (
                SELECT FROM clinical.reporting_effort_items AS itm
                LEFT JOIN clinical.reporting_effort_tlf_details AS tlf ON itm.id = tlf.reporting_effort_item_id
                LEFT JOIN clinical.text_elements AS ttl ON tlf.title_id = ttl.id
                WHERE itm.id = trk.reporting_effort_item_id
                    AND (
                        lower(itm.item_code) LIKE clinical.search_pattern(p_filters ->> 'q') -- collation: as in search_pattern()
                        OR lower(ttl.label) LIKE clinical.search_pattern(p_filters ->> 'q') -- collation: as in search_pattern()
                    )
            )
        );
END;

COMMENT ON FUNCTION clinical.trackers_matching IS
'p_filters: without a problem, see clinical.filter_problem(). Asks for no user: p_visibility comes from clinical.require_permission().';

REVOKE ALL ON FUNCTION clinical.trackers_matching FROM PUBLIC;
