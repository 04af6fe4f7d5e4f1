-- Money planned without people.
-- depends: 0003_planning_resources

CREATE TABLE planning.nonlabor_plan_lines (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT nonlabor_plan_lines_pkey PRIMARY KEY,
    project_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    name varchar(255) NOT NULL,
    description varchar(1000),
    forecast_basis text NOT NULL DEFAULT 'CASH',
    method text NOT NULL,
    cost_treatment text NOT NULL,
    -- three letters, always
    -- squawk-ignore ban-char-field
    currency_code character(3) NOT NULL,
    total_amount numeric(19, 4) NOT NULL,
    schedule_start date,
    schedule_end date,
    frequency text,
    period_placement text,
    status text NOT NULL DEFAULT 'ACTIVE',
    resource_type text NOT NULL GENERATED ALWAYS AS ('NON_LABOR') STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT nonlabor_plan_lines_project_id_fkey FOREIGN KEY (project_id) REFERENCES planning.projects,
    CONSTRAINT nonlabor_plan_lines_resource_id_fkey FOREIGN KEY (resource_id, resource_type) REFERENCES planning.resources (id, resource_type),
    CONSTRAINT nonlabor_plan_lines_forecast_basis_is_cash_check CHECK (forecast_basis = 'CASH'),
    CONSTRAINT nonlabor_plan_lines_method_is_known_check CHECK (method IN ('MANUAL', 'STRAIGHT_LINE')),
    CONSTRAINT nonlabor_plan_lines_cost_treatment_is_known_check CHECK (cost_treatment IN ('CAPITAL', 'EXPENSE')),
    CONSTRAINT nonlabor_plan_lines_total_not_negative_check CHECK (total_amount >= 0),
    CONSTRAINT nonlabor_plan_lines_schedule_start_not_after_end_check CHECK (schedule_start <= schedule_end),
    CONSTRAINT nonlabor_plan_lines_frequency_is_known_check CHECK (frequency IN ('DAILY', 'MONTHLY', 'YEARLY')),
    CONSTRAINT nonlabor_plan_lines_period_placement_is_known_check CHECK (period_placement IN ('PERIOD_START', 'PERIOD_END')),
    CONSTRAINT nonlabor_plan_lines_straight_line_has_schedule_check CHECK (
        method <> 'STRAIGHT_LINE' OR num_nulls(schedule_start, schedule_end, frequency, period_placement) = 0
    ),
    CONSTRAINT nonlabor_plan_lines_status_is_known_check CHECK (status IN ('ACTIVE', 'CANCELLED'))
);

COMMENT ON TABLE planning.nonlabor_plan_lines IS
'Money planned for a resource that is no worker.';
COMMENT ON COLUMN planning.nonlabor_plan_lines.resource_type IS 'Always NON_LABOR: the foreign key lets no other resource in.';

CREATE INDEX ix_nonlabor_plan_lines_project ON planning.nonlabor_plan_lines (project_id);
CREATE INDEX ix_nonlabor_plan_lines_resource ON planning.nonlabor_plan_lines (resource_id);

CREATE TABLE planning.nonlabor_plan_occurrences (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT nonlabor_plan_occurrences_pkey PRIMARY KEY,
    plan_line_id uuid NOT NULL,
    occurrence_date date NOT NULL,
    base_amount numeric(19, 4) NOT NULL,
    override_amount numeric(19, 4),
    source text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT nonlabor_plan_occurrences_plan_line_id_fkey FOREIGN KEY (plan_line_id) REFERENCES planning.nonlabor_plan_lines ON DELETE CASCADE,
    CONSTRAINT nonlabor_plan_occurrences_plan_line_id_occurrence_date_key UNIQUE (plan_line_id, occurrence_date),
    CONSTRAINT nonlabor_plan_occurrences_base_not_negative_check CHECK (base_amount >= 0),
    CONSTRAINT nonlabor_plan_occurrences_override_not_negative_check CHECK (override_amount >= 0),
    CONSTRAINT nonlabor_plan_occurrences_source_is_known_check CHECK (source IN ('MANUAL', 'GENERATED'))
);

COMMENT ON TABLE planning.nonlabor_plan_occurrences IS
'Days on which money of a line is planned.';
COMMENT ON COLUMN planning.nonlabor_plan_occurrences.override_amount IS 'Counts instead of base_amount when it is not NULL, also when it is 0.';
