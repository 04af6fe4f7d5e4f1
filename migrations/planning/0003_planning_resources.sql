-- Workers with their rates, resources, and who is planned on what.
-- depends: 0002_planning_programs

CREATE TABLE planning.worker_types (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT worker_types_pkey PRIMARY KEY,
    type varchar(100) NOT NULL,
    description varchar(1000) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT worker_types_type_key UNIQUE (type)
);

COMMENT ON TABLE planning.worker_types IS
'Kinds of workers; a kind has daily rates.';

CREATE TABLE planning.rates (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT rates_pkey PRIMARY KEY,
    worker_type_id uuid NOT NULL,
    rate_amount numeric(15, 2) NOT NULL,
    start_date date NOT NULL,
    end_date date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT rates_worker_type_id_fkey FOREIGN KEY (worker_type_id) REFERENCES planning.worker_types,
    CONSTRAINT rates_amount_positive_check CHECK (rate_amount > 0),
    CONSTRAINT rates_start_before_end_check CHECK (start_date < end_date),
    CONSTRAINT rates_worker_type_id_days_excl EXCLUDE USING gist (
        planning.uuid_range(worker_type_id, worker_type_id, '[]') WITH &&, daterange(start_date, end_date, '[]') WITH &&
    )
);

COMMENT ON TABLE planning.rates IS
'Daily rates. Both days belong to the rate; rates of one kind of workers share no day.';
COMMENT ON COLUMN planning.rates.end_date IS 'Last day; NULL: open.';

CREATE INDEX ix_rates_worker_type_dates ON planning.rates (worker_type_id, start_date, end_date);

CREATE TABLE planning.workers (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT workers_pkey PRIMARY KEY,
    worker_type_id uuid NOT NULL,
    external_id varchar(100) NOT NULL,
    name varchar(255) NOT NULL,
    cost_center_code varchar(50) NOT NULL DEFAULT 'CC-0000',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT workers_worker_type_id_fkey FOREIGN KEY (worker_type_id) REFERENCES planning.worker_types,
    CONSTRAINT workers_external_id_key UNIQUE (external_id)
);

COMMENT ON TABLE planning.workers IS
'People who work.';
COMMENT ON COLUMN planning.workers.external_id IS 'Number in the source of actuals; upper and lower case differ.';

CREATE INDEX ix_workers_worker_type ON planning.workers (worker_type_id);

CREATE TABLE planning.resource_roles (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT resource_roles_pkey PRIMARY KEY,
    name varchar(100) NOT NULL,
    description varchar(1000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT resource_roles_name_key UNIQUE (name)
);

COMMENT ON TABLE planning.resource_roles IS
'What a labor resource does in projects.';

CREATE TABLE planning.resources (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT resources_pkey PRIMARY KEY,
    name varchar(255) NOT NULL,
    resource_type text NOT NULL,
    description varchar(1000),
    worker_id uuid,
    resource_role_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT resources_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES planning.workers,
    CONSTRAINT resources_resource_role_id_fkey FOREIGN KEY (resource_role_id) REFERENCES planning.resource_roles,
    CONSTRAINT resources_worker_id_key UNIQUE (worker_id),
    CONSTRAINT resources_id_resource_type_key UNIQUE (id, resource_type),
    CONSTRAINT resources_resource_type_is_known_check CHECK (resource_type IN ('LABOR', 'NON_LABOR')),
    CONSTRAINT resources_labor_has_worker_and_role_check CHECK (
        (resource_type = 'LABOR') = (worker_id IS NOT NULL) AND (resource_type = 'LABOR') = (resource_role_id IS NOT NULL)
    )
);

COMMENT ON TABLE planning.resources IS
'What can be planned: a worker in a role, or something that costs money.';

CREATE INDEX ix_resources_resource_role ON planning.resources (resource_role_id);

CREATE TABLE planning.resource_assignments (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT resource_assignments_pkey PRIMARY KEY,
    resource_id uuid NOT NULL,
    project_id uuid NOT NULL,
    assignment_date date NOT NULL,
    capital_percentage numeric(5, 2) NOT NULL,
    expense_percentage numeric(5, 2) NOT NULL,
    resource_type text NOT NULL GENERATED ALWAYS AS ('LABOR') STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT resource_assignments_resource_id_fkey FOREIGN KEY (resource_id, resource_type) REFERENCES planning.resources (id, resource_type),
    CONSTRAINT resource_assignments_project_id_fkey FOREIGN KEY (project_id) REFERENCES planning.projects,
    CONSTRAINT resource_assignments_resource_id_project_id_assignment_date_key UNIQUE (resource_id, project_id, assignment_date),
    CONSTRAINT resource_assignments_capital_in_range_check CHECK (capital_percentage BETWEEN 0 AND 100),
    CONSTRAINT resource_assignments_expense_in_range_check CHECK (expense_percentage BETWEEN 0 AND 100),
    CONSTRAINT resource_assignments_sum_not_above_100_check CHECK (capital_percentage + expense_percentage <= 100)
);

COMMENT ON TABLE planning.resource_assignments IS
'One row: one resource, one project, one day. 0 and 0 is a placeholder.';
COMMENT ON COLUMN planning.resource_assignments.capital_percentage IS 'Share of the day that is capital.';
COMMENT ON COLUMN planning.resource_assignments.expense_percentage IS 'Share of the day that is expense.';
COMMENT ON COLUMN planning.resource_assignments.resource_type IS 'Always LABOR: the foreign key lets no other resource in.';

CREATE INDEX ix_resource_assignments_resource_date ON planning.resource_assignments (resource_id, assignment_date);
CREATE INDEX ix_resource_assignments_project_date ON planning.resource_assignments (project_id, assignment_date);
