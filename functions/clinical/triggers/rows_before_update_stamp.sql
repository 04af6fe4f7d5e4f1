-- clinical.tg_rows_before_update_stamp()
-- Notes when a row was changed.
-- requires: nothing
-- source:   docs/clinical.md, "Tables"

CREATE OR REPLACE FUNCTION clinical.tg_rows_before_update_stamp()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.updated_at := statement_timestamp();
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION clinical.tg_rows_before_update_stamp IS
'All rows of one call get one instant. An update that changes nothing, or gives the instant itself, is left as it is.';

REVOKE ALL ON FUNCTION clinical.tg_rows_before_update_stamp FROM PUBLIC;

CREATE OR REPLACE TRIGGER users_before_update_stamp
BEFORE UPDATE ON clinical.users
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER studies_before_update_stamp
BEFORE UPDATE ON clinical.studies
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER database_releases_before_update_stamp
BEFORE UPDATE ON clinical.database_releases
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER reporting_efforts_before_update_stamp
BEFORE UPDATE ON clinical.reporting_efforts
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER text_elements_before_update_stamp
BEFORE UPDATE ON clinical.text_elements
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER packages_before_update_stamp
BEFORE UPDATE ON clinical.packages
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER package_items_before_update_stamp
BEFORE UPDATE ON clinical.package_items
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER reporting_effort_items_before_update_stamp
BEFORE UPDATE ON clinical.reporting_effort_items
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER reporting_effort_item_tracker_before_update_stamp
BEFORE UPDATE ON clinical.reporting_effort_item_tracker
-- column by column, because the rank of the priority is not known yet
FOR EACH ROW WHEN (
    old.updated_at = new.updated_at AND (
        old.id, old.reporting_effort_item_id, old.reporting_effort_id, old.production_programmer_id, old.qc_programmer_id,
        old.production_status, old.qc_status, old.due_date, old.qc_completion_date, old.priority, old.qc_level,
        old.in_production_flag, old.unresolved_comment_count, old.created_at
    ) IS DISTINCT FROM (
        new.id, new.reporting_effort_item_id, new.reporting_effort_id, new.production_programmer_id, new.qc_programmer_id,
        new.production_status, new.qc_status, new.due_date, new.qc_completion_date, new.priority, new.qc_level,
        new.in_production_flag, new.unresolved_comment_count, new.created_at
    )
)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER tracker_comments_before_update_stamp
BEFORE UPDATE ON clinical.tracker_comments
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER tracker_tags_before_update_stamp
BEFORE UPDATE ON clinical.tracker_tags
FOR EACH ROW WHEN (old IS DISTINCT FROM new AND old.updated_at = new.updated_at)
EXECUTE FUNCTION clinical.tg_rows_before_update_stamp();
