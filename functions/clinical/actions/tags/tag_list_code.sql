-- clinical.tag_list_code()
-- Says whether a tag can be put on, or taken from, a list of trackers, and keeps both from being deleted meanwhile.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Tags"

CREATE OR REPLACE FUNCTION clinical.tag_list_code(p_tag_id integer, p_tracker_ids integer[])
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_found_count bigint;
BEGIN
    PERFORM FROM clinical.tracker_tags AS tag WHERE tag.id = p_tag_id FOR KEY SHARE;
    IF NOT FOUND THEN
        RETURN 'tag_not_found';
    ELSIF coalesce(cardinality(p_tracker_ids), 0) = 0 THEN
        RETURN 'batch_empty';
    ELSIF cardinality(p_tracker_ids) > 1000 THEN
        RETURN 'batch_too_large';
    ELSIF (SELECT count(DISTINCT own.id) + count(*) FILTER (WHERE own.id IS NULL) < count(*) FROM unnest(p_tracker_ids) AS own (id)) THEN
        RETURN 'tracker_duplicate';
    END IF;
    SELECT count(*) INTO v_found_count
    FROM (
        SELECT FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.id = ANY(p_tracker_ids) ORDER BY trk.id FOR NO KEY UPDATE
    ) AS found;
    RETURN CASE WHEN v_found_count < cardinality(p_tracker_ids) THEN 'tracker_not_found' ELSE 'ok' END;
END;
$$;

COMMENT ON FUNCTION clinical.tag_list_code IS
'ok, or the first code. The trackers are locked in the order of their ids, so that two lists do not wait for each other.';

REVOKE ALL ON FUNCTION clinical.tag_list_code FROM PUBLIC;
