-- clinical.lock_trackers()
-- Lets nobody else change some trackers until the transaction ends.
-- requires: nothing
-- source:   docs/clinical_writes.md, "At the same time"

CREATE OR REPLACE FUNCTION clinical.lock_trackers(p_user_ids integer[], p_tracker_ids integer[])
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- users before trackers, as when a user is deleted
    PERFORM FROM clinical.users AS usr WHERE usr.id = ANY(p_user_ids) ORDER BY usr.id FOR KEY SHARE;
    PERFORM FROM clinical.reporting_effort_item_tracker AS trk
    WHERE trk.id = ANY(p_tracker_ids) ORDER BY trk.id FOR NO KEY UPDATE;
END;
$$;

COMMENT ON FUNCTION clinical.lock_trackers IS
'In the order of the ids, so that two calls never wait for each other. p_user_ids: users that are about to be named; they cannot be deleted meanwhile.';

REVOKE ALL ON FUNCTION clinical.lock_trackers FROM PUBLIC;
