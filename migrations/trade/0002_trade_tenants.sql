-- Trade: the companies that share the database.
-- depends: 0001_trade_schema

CREATE TABLE trade.tenants (
    id uuid NOT NULL,
    name varchar(255) NOT NULL,
    subdomain varchar(100) COLLATE "C" NOT NULL,
    status varchar(20) NOT NULL,
    plan varchar(20) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    trial_ends_at timestamptz,
    CONSTRAINT tenants_pkey PRIMARY KEY (id),
    CONSTRAINT tenants_subdomain_key UNIQUE (subdomain),
    CONSTRAINT tenants_status_is_known_check CHECK (status IN ('active', 'suspended', 'pending', 'cancelled', 'trial')),
    CONSTRAINT tenants_plan_is_known_check CHECK (plan IN ('free', 'basic', 'professional', 'enterprise', 'custom'))
);

COMMENT ON TABLE trade.tenants IS
'Companies. What belongs to one is seen by nobody else.';
COMMENT ON COLUMN trade.tenants.trial_ends_at IS 'First instant at which a trial is over; NULL: it does not end by itself.';

-- The company asked for is in the setting app.current_tenant_id; without one, or with what is no uuid, there is no row.
ALTER TABLE trade.tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants_own_rows ON trade.tenants FOR ALL TO tidemark_app
USING (
    id = (SELECT CASE
        WHEN current_setting('app.current_tenant_id', TRUE) ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'
            THEN current_setting('app.current_tenant_id', TRUE)::uuid
    END)
);
CREATE POLICY tenants_operator_reads ON trade.tenants FOR SELECT TO tidemark_operator USING (TRUE);

GRANT SELECT ON trade.tenants TO tidemark_app, tidemark_operator;
