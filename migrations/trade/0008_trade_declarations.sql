-- Trade: long-term declarations of suppliers.
-- depends: 0007_trade_verdicts

CREATE TABLE trade.ltsd_declarations (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL,
    document_ref varchar(100) COLLATE "C" NOT NULL,
    version integer NOT NULL,
    previous_version_id uuid,
    status text NOT NULL,
    ltsd_type text NOT NULL,
    supplier_name varchar(255) NOT NULL,
    supplier_country varchar(2) COLLATE "C" NOT NULL,
    customer_name varchar(255) NOT NULL,
    customer_country varchar(2) COLLATE "C" NOT NULL,
    declared_origin text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    issued_at timestamptz,
    revoked_at timestamptz,
    superseded_by uuid,
    assessment_verdict text,
    assessment_confidence numeric(5, 4),
    qualified_agreements text[] COLLATE "C" NOT NULL DEFAULT '{}',
    notes varchar(2000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ltsd_declarations_pkey PRIMARY KEY (id),
    CONSTRAINT ltsd_declarations_tenant_id_document_ref_version_key UNIQUE (tenant_id, document_ref, version),
    CONSTRAINT ltsd_declarations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES trade.tenants,
    CONSTRAINT ltsd_declarations_previous_version_id_fkey
    FOREIGN KEY (previous_version_id) REFERENCES trade.ltsd_declarations DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ltsd_declarations_superseded_by_fkey
    FOREIGN KEY (superseded_by) REFERENCES trade.ltsd_declarations DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ltsd_declarations_document_ref_length_check CHECK (length(document_ref) >= 10),
    CONSTRAINT ltsd_declarations_version_positive_check CHECK (version >= 1),
    CONSTRAINT ltsd_declarations_status_is_known_check CHECK (status IN ('draft', 'active', 'expired', 'revoked', 'superseded')),
    CONSTRAINT ltsd_declarations_type_is_known_check CHECK (ltsd_type IN ('preferential', 'non_preferential', 'mixed')),
    CONSTRAINT ltsd_declarations_end_not_before_start_check CHECK (valid_to >= valid_from),
    CONSTRAINT ltsd_declarations_revocation_is_told_check CHECK (status <> 'revoked' OR revoked_at IS NOT NULL),
    CONSTRAINT ltsd_declarations_verdict_is_known_check CHECK (
        assessment_verdict IN ('qualified', 'not_qualified', 'conditional', 'pending_review')
    ),
    CONSTRAINT ltsd_declarations_confidence_is_share_check CHECK (assessment_confidence BETWEEN 0 AND 1)
);

COMMENT ON TABLE trade.ltsd_declarations IS
'Long-term declarations of suppliers, version by version.';
COMMENT ON COLUMN trade.ltsd_declarations.status IS 'As stored; whether an active one holds on a day is told by trade.ltsd_status.';
COMMENT ON COLUMN trade.ltsd_declarations.valid_to IS 'Last valid day.';

CREATE INDEX ltsd_declarations_previous_version_id_idx ON trade.ltsd_declarations (previous_version_id);
CREATE INDEX ltsd_declarations_superseded_by_idx ON trade.ltsd_declarations (superseded_by);
CREATE INDEX ltsd_declarations_valid_to_idx ON trade.ltsd_declarations (valid_to) WHERE status = 'active';

CREATE TABLE trade.ltsd_products (
    ltsd_id uuid NOT NULL,
    line_no integer NOT NULL,
    product_code varchar(100) COLLATE "C" NOT NULL,
    description varchar(500),
    hs_code varchar(10) COLLATE "C" NOT NULL,
    CONSTRAINT ltsd_products_pkey PRIMARY KEY (ltsd_id, line_no),
    CONSTRAINT ltsd_products_ltsd_id_fkey FOREIGN KEY (ltsd_id) REFERENCES trade.ltsd_declarations ON DELETE CASCADE,
    CONSTRAINT ltsd_products_hs_code_is_digits_check CHECK (hs_code ~ '^[0-9]{6,10}$')
);

COMMENT ON TABLE trade.ltsd_products IS
'Products that a declaration is about.';

ALTER TABLE trade.ltsd_declarations ENABLE ROW LEVEL SECURITY;
CREATE POLICY ltsd_declarations_own_rows ON trade.ltsd_declarations FOR ALL TO tidemark_app
USING (
    tenant_id = (SELECT CASE
        WHEN current_setting('app.current_tenant_id', TRUE) ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'
            THEN current_setting('app.current_tenant_id', TRUE)::uuid
    END)
);
CREATE POLICY ltsd_declarations_operator_reads ON trade.ltsd_declarations FOR SELECT TO tidemark_operator USING (TRUE);

ALTER TABLE trade.ltsd_products ENABLE ROW LEVEL SECURITY;
CREATE POLICY ltsd_products_own_rows ON trade.ltsd_products FOR ALL TO tidemark_app
USING (EXISTS (SELECT FROM trade.ltsd_declarations AS dec WHERE dec.id = ltsd_products.ltsd_id));
CREATE POLICY ltsd_products_operator_reads ON trade.ltsd_products FOR SELECT TO tidemark_operator USING (TRUE);

GRANT SELECT, INSERT, UPDATE ON trade.ltsd_declarations TO tidemark_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON trade.ltsd_products TO tidemark_app;
GRANT SELECT ON trade.ltsd_declarations, trade.ltsd_products TO tidemark_operator;
