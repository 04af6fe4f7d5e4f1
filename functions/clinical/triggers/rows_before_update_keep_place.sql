-- clinical.tg_rows_before_update_keep_place()
-- Refuses to move a row to another parent.
-- requires: nothing
-- source:   docs/clinical.md, "Tables"

CREATE OR REPLACE FUNCTION clinical.tg_rows_before_update_keep_place()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('row %s of %I cannot move', OLD.id, TG_TABLE_NAME),
        DETAIL = 'Study and release of a reporting effort, and effort and type of an item, stay as they were when the row was made.',
        HINT = 'Make a new row where it belongs, and delete this one.',
        CONSTRAINT = TG_NAME;
END;
$$;

COMMENT ON FUNCTION clinical.tg_rows_before_update_keep_place IS
'Raises 23514.';

REVOKE ALL ON FUNCTION clinical.tg_rows_before_update_keep_place FROM PUBLIC;

CREATE OR REPLACE TRIGGER reporting_efforts_before_update_keep_place
BEFORE UPDATE OF study_id, database_release_id ON clinical.reporting_efforts
FOR EACH ROW WHEN ((old.study_id, old.database_release_id) IS DISTINCT FROM (new.study_id, new.database_release_id))
EXECUTE FUNCTION clinical.tg_rows_before_update_keep_place();

CREATE OR REPLACE TRIGGER reporting_effort_items_before_update_keep_place
BEFORE UPDATE OF reporting_effort_id, item_type ON clinical.reporting_effort_items
FOR EACH ROW WHEN ((old.reporting_effort_id, old.item_type) IS DISTINCT FROM (new.reporting_effort_id, new.item_type))
EXECUTE FUNCTION clinical.tg_rows_before_update_keep_place();
