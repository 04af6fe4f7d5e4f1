-- planning.tg_rows_before_update_count_version()
-- Counts the changes of a row.
-- requires: nothing
-- source:   docs/planning_writes.md, "Versions"

CREATE OR REPLACE FUNCTION planning.tg_rows_before_update_count_version()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION planning.tg_rows_before_update_count_version IS
'An update that changes nothing counts too: who read the row before it must read it again.';

REVOKE ALL ON FUNCTION planning.tg_rows_before_update_count_version FROM PUBLIC;

CREATE OR REPLACE TRIGGER portfolios_before_update_count_version
BEFORE UPDATE ON planning.portfolios
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER programs_before_update_count_version
BEFORE UPDATE ON planning.programs
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER projects_before_update_count_version
BEFORE UPDATE ON planning.projects
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER project_phases_before_update_count_version
BEFORE UPDATE ON planning.project_phases
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER worker_types_before_update_count_version
BEFORE UPDATE ON planning.worker_types
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER rates_before_update_count_version
BEFORE UPDATE ON planning.rates
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER workers_before_update_count_version
BEFORE UPDATE ON planning.workers
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER resource_roles_before_update_count_version
BEFORE UPDATE ON planning.resource_roles
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER resources_before_update_count_version
BEFORE UPDATE ON planning.resources
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER resource_assignments_before_update_count_version
BEFORE UPDATE ON planning.resource_assignments
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER nonlabor_plan_lines_before_update_count_version
BEFORE UPDATE ON planning.nonlabor_plan_lines
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER nonlabor_plan_occurrences_before_update_count_version
BEFORE UPDATE ON planning.nonlabor_plan_occurrences
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER users_before_update_count_version
BEFORE UPDATE ON planning.users
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER user_roles_before_update_count_version
BEFORE UPDATE ON planning.user_roles
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER scope_assignments_before_update_count_version
BEFORE UPDATE ON planning.scope_assignments
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER actual_import_batches_before_update_count_version
BEFORE UPDATE ON planning.actual_import_batches
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();

CREATE OR REPLACE TRIGGER actuals_before_update_count_version
BEFORE UPDATE ON planning.actuals
FOR EACH ROW EXECUTE FUNCTION planning.tg_rows_before_update_count_version();
