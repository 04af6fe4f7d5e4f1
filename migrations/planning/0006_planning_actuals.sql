-- What really happened, and the files it came in.
-- depends: 0005_planning_people

-- a partitioned table may not be told the tablespace of its database by name, which a login's setting may do
SET LOCAL default_tablespace = '';

CREATE TABLE planning.actual_import_batches (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT actual_import_batches_pkey PRIMARY KEY,
    source_type text NOT NULL,
    actuals_through_date date NOT NULL,
    file_name varchar(255),
    imported_by_user_id uuid,
    record_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT actual_import_batches_imported_by_user_id_fkey FOREIGN KEY (imported_by_user_id) REFERENCES planning.users ON DELETE SET NULL,
    CONSTRAINT actual_import_batches_source_type_is_known_check CHECK (source_type IN ('labor', 'non_labor'))
);

COMMENT ON TABLE planning.actual_import_batches IS
'Files of actuals that were accepted.';
COMMENT ON COLUMN planning.actual_import_batches.actuals_through_date IS 'Day up to which the file is complete; the latest per source type counts.';

CREATE INDEX ix_actual_import_batches_user ON planning.actual_import_batches (imported_by_user_id);

CREATE TABLE planning.actuals (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    project_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    import_batch_id uuid,
    external_worker_id varchar(100),
    worker_name varchar(255),
    allocation_percentage numeric(5, 2),
    actual_date date NOT NULL,
    actual_cost numeric(15, 2) NOT NULL,
    capital_amount numeric(15, 2) NOT NULL,
    expense_amount numeric(15, 2) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT actuals_pkey PRIMARY KEY (id, actual_date),
    CONSTRAINT actuals_project_id_fkey FOREIGN KEY (project_id) REFERENCES planning.projects,
    CONSTRAINT actuals_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES planning.resources,
    CONSTRAINT actuals_import_batch_id_fkey FOREIGN KEY (import_batch_id) REFERENCES planning.actual_import_batches ON DELETE SET NULL,
    CONSTRAINT actuals_labor_has_all_three_check CHECK (num_nulls(external_worker_id, worker_name, allocation_percentage) IN (0, 3)),
    CONSTRAINT actuals_percentage_in_range_check CHECK (allocation_percentage BETWEEN 0 AND 100),
    CONSTRAINT actuals_amounts_not_negative_check CHECK (actual_cost >= 0 AND capital_amount >= 0 AND expense_amount >= 0),
    CONSTRAINT actuals_amounts_make_the_cost_check CHECK (capital_amount + expense_amount = actual_cost)
) PARTITION BY RANGE (actual_date);

COMMENT ON TABLE planning.actuals IS
'What really happened. Costs are facts: a rate that changes later changes none of them.';
COMMENT ON COLUMN planning.actuals.external_worker_id IS 'Worker; NULL: no labor.';
COMMENT ON COLUMN planning.actuals.allocation_percentage IS 'Share of the day; NULL: no labor.';

CREATE TABLE planning.actuals_default PARTITION OF planning.actuals DEFAULT;

COMMENT ON TABLE planning.actuals_default IS
'Actuals of days that have no partition of their own.';

CREATE INDEX ix_actuals_worker_date ON planning.actuals (external_worker_id, actual_date);
CREATE INDEX ix_actuals_project_date ON planning.actuals (project_id, actual_date);
CREATE INDEX ix_actuals_resource ON planning.actuals (resource_id);
CREATE INDEX ix_actuals_import_batch ON planning.actuals (import_batch_id);
