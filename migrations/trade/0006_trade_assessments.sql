-- Trade: products to be judged, their materials and the operations done on them.
-- depends: 0005_trade_rules

CREATE TABLE trade.assessments (
    assessment_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    product_code varchar(100) COLLATE "C" NOT NULL,
    product_hs varchar(6) COLLATE "C" NOT NULL,
    agreement_code varchar(16) COLLATE "C" NOT NULL,
    effective_date date NOT NULL,
    export_country varchar(2) COLLATE "C" NOT NULL,
    import_country varchar(2) COLLATE "C" NOT NULL,
    -- squawk-ignore ban-char-field
    currency char(3) NOT NULL,
    ex_works_price numeric(14, 2),
    fob_price numeric(14, 2),
    net_cost numeric(14, 2),
    value_added_percentage numeric(7, 4) NOT NULL,
    submitted_certificates text[] COLLATE "C" NOT NULL DEFAULT '{}',
    evidence jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'pending',
    rule_id varchar(32) COLLATE "C",
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT assessments_pkey PRIMARY KEY (assessment_id),
    CONSTRAINT assessments_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES trade.tenants,
    CONSTRAINT assessments_product_code_without_bar_check CHECK (position('|' IN product_code) = 0),
    CONSTRAINT assessments_product_hs_is_six_digits_check CHECK (product_hs ~ '^[0-9]{6}$'),
    CONSTRAINT assessments_value_added_is_percent_check CHECK (value_added_percentage BETWEEN 0 AND 100),
    CONSTRAINT assessments_certificates_are_well_formed_check CHECK (
        array_position(submitted_certificates, NULL) IS NULL
        -- joined by a character that no certificate may have, so that one pattern sees them all
        AND array_to_string(submitted_certificates, '|') ~ '^([A-Za-z0-9 ./_-]{2,64}(\|[A-Za-z0-9 ./_-]{2,64})*)?$'
    ),
    CONSTRAINT assessments_evidence_is_object_check CHECK (
        jsonb_typeof(evidence) = 'object' AND NOT evidence @? 'strict $.keyvalue() ? (!(@.key like_regex "^[a-z0-9-]+$"))'
    ),
    CONSTRAINT assessments_status_is_known_check CHECK (status IN ('pending', 'in_progress', 'completed', 'failed', 'requires_review'))
);

COMMENT ON TABLE trade.assessments IS
'One product to be judged under one agreement for one way from country to country.';
COMMENT ON COLUMN trade.assessments.value_added_percentage IS 'As the producer declares it.';
COMMENT ON COLUMN trade.assessments.rule_id IS 'The rule that was found; filled when it is judged.';
COMMENT ON COLUMN trade.assessments.error IS 'Why there is no verdict: NO_APPLICABLE_RULE, NON_POSITIVE_MATERIAL_VALUE.';

CREATE INDEX assessments_tenant_id_status_idx ON trade.assessments (tenant_id, status);
CREATE INDEX assessments_status_idx ON trade.assessments (status, created_at) WHERE status <> 'completed';

CREATE TABLE trade.assessment_materials (
    assessment_id uuid NOT NULL,
    line_id varchar(64) COLLATE "C" NOT NULL,
    description varchar(512),
    hs_code varchar(8) COLLATE "C" NOT NULL,
    country_of_origin varchar(2) COLLATE "C" NOT NULL,
    value numeric(14, 2) NOT NULL,
    is_originating boolean,
    CONSTRAINT assessment_materials_pkey PRIMARY KEY (assessment_id, line_id),
    CONSTRAINT assessment_materials_assessment_id_fkey FOREIGN KEY (assessment_id) REFERENCES trade.assessments ON DELETE CASCADE,
    CONSTRAINT assessment_materials_hs_code_is_digits_check CHECK (hs_code ~ '^[0-9]{4,8}$'),
    CONSTRAINT assessment_materials_value_not_negative_check CHECK (value >= 0)
);

COMMENT ON TABLE trade.assessment_materials IS
'Materials of a product, in its currency.';
COMMENT ON COLUMN trade.assessment_materials.is_originating IS 'NULL: not known.';

CREATE TABLE trade.assessment_operations (
    assessment_id uuid NOT NULL,
    seq integer NOT NULL,
    code varchar(32) COLLATE "C" NOT NULL,
    location varchar(2) COLLATE "C",
    CONSTRAINT assessment_operations_pkey PRIMARY KEY (assessment_id, seq),
    CONSTRAINT assessment_operations_assessment_id_fkey FOREIGN KEY (assessment_id) REFERENCES trade.assessments ON DELETE CASCADE,
    CONSTRAINT assessment_operations_code_is_well_formed_check CHECK (code ~ '^[A-Z0-9_-]{3,32}$')
);

COMMENT ON TABLE trade.assessment_operations IS
'Operations done on a product, in their order.';
COMMENT ON COLUMN trade.assessment_operations.location IS 'Country; NULL: where it is exported from.';

ALTER TABLE trade.assessments ENABLE ROW LEVEL SECURITY;
CREATE POLICY assessments_own_rows ON trade.assessments FOR ALL TO tidemark_app
USING (
    tenant_id = (SELECT CASE
        WHEN current_setting('app.current_tenant_id', TRUE) ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'
            THEN current_setting('app.current_tenant_id', TRUE)::uuid
    END)
);
CREATE POLICY assessments_operator_reads ON trade.assessments FOR SELECT TO tidemark_operator USING (TRUE);

-- lines belong to whom their assessment belongs: who sees that one sees them
ALTER TABLE trade.assessment_materials ENABLE ROW LEVEL SECURITY;
CREATE POLICY assessment_materials_own_rows ON trade.assessment_materials FOR ALL TO tidemark_app
USING (EXISTS (SELECT FROM trade.assessments AS ass WHERE ass.assessment_id = assessment_materials.assessment_id));
CREATE POLICY assessment_materials_operator_reads ON trade.assessment_materials FOR SELECT TO tidemark_operator USING (TRUE);

ALTER TABLE trade.assessment_operations ENABLE ROW LEVEL SECURITY;
CREATE POLICY assessment_operations_own_rows ON trade.assessment_operations FOR ALL TO tidemark_app
USING (EXISTS (SELECT FROM trade.assessments AS ass WHERE ass.assessment_id = assessment_operations.assessment_id));
CREATE POLICY assessment_operations_operator_reads ON trade.assessment_operations FOR SELECT TO tidemark_operator USING (TRUE);

GRANT SELECT, INSERT, UPDATE, DELETE ON trade.assessments, trade.assessment_materials, trade.assessment_operations TO tidemark_app;
GRANT SELECT ON trade.assessments, trade.assessment_materials, trade.assessment_operations TO tidemark_operator;
