-- The tree: portfolios, programs, projects, phases.
-- depends: 0001_planning_schema

CREATE TABLE planning.portfolios (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT portfolios_pkey PRIMARY KEY,
    name varchar(255) NOT NULL,
    description varchar(1000) NOT NULL,
    owner varchar(255) NOT NULL,
    reporting_start_date date NOT NULL,
    reporting_end_date date NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT portfolios_reporting_starts_before_end_check CHECK (reporting_start_date < reporting_end_date)
);

COMMENT ON TABLE planning.portfolios IS
'Portfolios, the top of the tree.';

CREATE TABLE planning.programs (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT programs_pkey PRIMARY KEY,
    portfolio_id uuid NOT NULL,
    name varchar(255) NOT NULL,
    business_sponsor varchar(255) NOT NULL,
    program_manager varchar(255) NOT NULL,
    technical_lead varchar(255) NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    description varchar(1000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT programs_portfolio_id_fkey FOREIGN KEY (portfolio_id) REFERENCES planning.portfolios,
    CONSTRAINT programs_start_before_end_check CHECK (start_date < end_date)
);

COMMENT ON TABLE planning.programs IS
'Programs of a portfolio.';

CREATE INDEX ix_programs_portfolio ON planning.programs (portfolio_id);

CREATE TABLE planning.projects (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT projects_pkey PRIMARY KEY,
    program_id uuid NOT NULL,
    name varchar(255) NOT NULL,
    business_sponsor varchar(255) NOT NULL,
    project_manager varchar(255) NOT NULL,
    technical_lead varchar(255) NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    cost_center_code varchar(50) NOT NULL,
    -- three letters, always
    -- squawk-ignore ban-char-field
    currency_code character(3) NOT NULL DEFAULT 'USD',
    description varchar(1000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT projects_program_id_fkey FOREIGN KEY (program_id) REFERENCES planning.programs,
    CONSTRAINT projects_cost_center_code_key UNIQUE (cost_center_code),
    CONSTRAINT projects_start_before_end_check CHECK (start_date < end_date)
);

COMMENT ON TABLE planning.projects IS
'Projects of a program.';
COMMENT ON COLUMN planning.projects.currency_code IS 'Currency of all amounts of the project.';

CREATE INDEX ix_projects_program ON planning.projects (program_id);

CREATE TABLE planning.project_phases (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT project_phases_pkey PRIMARY KEY,
    project_id uuid NOT NULL,
    name varchar(100) NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    labor_capital_budget numeric(15, 2) NOT NULL DEFAULT 0,
    labor_expense_budget numeric(15, 2) NOT NULL DEFAULT 0,
    nonlabor_capital_budget numeric(15, 2) NOT NULL DEFAULT 0,
    nonlabor_expense_budget numeric(15, 2) NOT NULL DEFAULT 0,
    total_budget numeric(15, 2) NOT NULL DEFAULT 0,
    description varchar(500),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT project_phases_project_id_fkey FOREIGN KEY (project_id) REFERENCES planning.projects,
    CONSTRAINT project_phases_start_not_after_end_check CHECK (start_date <= end_date),
    CONSTRAINT project_phases_budgets_not_negative_check CHECK (
        labor_capital_budget >= 0 AND labor_expense_budget >= 0 AND nonlabor_capital_budget >= 0 AND nonlabor_expense_budget >= 0
    ),
    CONSTRAINT project_phases_budgets_make_the_total_check CHECK (
        labor_capital_budget + labor_expense_budget + nonlabor_capital_budget + nonlabor_expense_budget = total_budget
    ),
    CONSTRAINT project_phases_project_id_days_excl EXCLUDE USING gist (
        planning.uuid_range(project_id, project_id, '[]') WITH &&, daterange(start_date, end_date, '[]') WITH &&
    )
);

COMMENT ON TABLE planning.project_phases IS
'Phases of a project with their budgets. Both days belong to the phase; phases of one project share no day.';

CREATE INDEX ix_project_phases_project ON planning.project_phases (project_id, start_date);
