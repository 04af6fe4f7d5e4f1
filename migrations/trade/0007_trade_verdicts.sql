-- Trade: what was decided.
-- depends: 0006_trade_assessments

CREATE TABLE trade.psra_verdicts (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    evaluation_id uuid NOT NULL,
    rule_id varchar(32) COLLATE "C" NOT NULL,
    status varchar(32) COLLATE "C" NOT NULL,
    confidence numeric(5, 4) NOT NULL,
    citations jsonb NOT NULL,
    reasons jsonb NOT NULL,
    notes text,
    ledger_reference varchar(255),
    input_payload jsonb NOT NULL,
    -- squawk-ignore ban-char-field
    input_hash char(64) COLLATE "C" NOT NULL,
    processing_time_ms double precision NOT NULL,
    rules_evaluated integer NOT NULL,
    decided_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    tenant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    agreement_code varchar(16) COLLATE "C" NOT NULL,
    hs_subheading varchar(6) COLLATE "C" NOT NULL,
    effective_date date NOT NULL,
    import_country varchar(2) COLLATE "C" NOT NULL,
    export_country varchar(2) COLLATE "C" NOT NULL,
    lineage_required boolean NOT NULL DEFAULT FALSE,
    CONSTRAINT psra_verdicts_pkey PRIMARY KEY (id),
    CONSTRAINT idx_psra_verdicts_evaluation_id UNIQUE (evaluation_id),
    CONSTRAINT psra_verdicts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES trade.tenants,
    CONSTRAINT psra_verdicts_status_is_known_check CHECK (status IN ('qualified', 'disqualified', 'manual_review')),
    CONSTRAINT psra_verdicts_confidence_is_share_check CHECK (confidence BETWEEN 0 AND 1),
    CONSTRAINT psra_verdicts_citations_are_array_check CHECK (jsonb_typeof(citations) = 'array'),
    CONSTRAINT psra_verdicts_reasons_are_array_check CHECK (jsonb_typeof(reasons) = 'array'),
    CONSTRAINT psra_verdicts_ledger_is_address_check CHECK (ledger_reference ~ '^ledger://'),
    CONSTRAINT psra_verdicts_hash_is_hexadecimal_check CHECK (input_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT psra_verdicts_time_not_negative_check CHECK (processing_time_ms >= 0),
    CONSTRAINT psra_verdicts_rules_positive_check CHECK (rules_evaluated >= 1)
);

COMMENT ON TABLE trade.psra_verdicts IS
'Verdicts, each with its reasons. Written anew under the same evaluation_id they replace what was there; they are never deleted.';
COMMENT ON COLUMN trade.psra_verdicts.confidence IS 'Confidence in qualification, 0 to 1.';
COMMENT ON COLUMN trade.psra_verdicts.input_hash IS 'SHA-256 of what was judged, equal for the same case of the same company.';

CREATE INDEX idx_psra_verdicts_request_id ON trade.psra_verdicts (request_id);
CREATE INDEX idx_psra_verdicts_rule_id ON trade.psra_verdicts (rule_id);
CREATE INDEX idx_psra_verdicts_tenant_id ON trade.psra_verdicts (tenant_id);
CREATE INDEX idx_psra_verdicts_created_at_desc ON trade.psra_verdicts (created_at DESC);
CREATE INDEX idx_psra_verdicts_tenant_created ON trade.psra_verdicts (tenant_id, created_at DESC);
CREATE INDEX idx_psra_verdicts_tenant_status ON trade.psra_verdicts (tenant_id, status);
CREATE INDEX idx_psra_verdicts_agreement_hs ON trade.psra_verdicts (agreement_code, hs_subheading);
CREATE INDEX idx_psra_verdicts_trade_route ON trade.psra_verdicts (export_country, import_country);
CREATE INDEX idx_psra_verdicts_effective_date ON trade.psra_verdicts (effective_date);
CREATE INDEX idx_psra_verdicts_tenant_effective ON trade.psra_verdicts (tenant_id, effective_date DESC);
CREATE INDEX idx_psra_verdicts_input_hash ON trade.psra_verdicts (input_hash);
CREATE INDEX idx_psra_verdicts_citations ON trade.psra_verdicts USING gin (citations);
CREATE INDEX idx_psra_verdicts_reasons ON trade.psra_verdicts USING gin (reasons);
CREATE INDEX idx_psra_verdicts_confidence ON trade.psra_verdicts (confidence DESC);
CREATE INDEX idx_psra_verdicts_status_confidence ON trade.psra_verdicts (status, confidence DESC);
CREATE INDEX idx_psra_verdicts_lineage_required ON trade.psra_verdicts (lineage_required) WHERE lineage_required = TRUE;
-- a cell of the monthly figures, and what was decided of late
CREATE INDEX psra_verdicts_month_cell_idx ON trade.psra_verdicts (
    tenant_id, agreement_code, (date_trunc('month', decided_at AT TIME ZONE 'UTC')::date), export_country, import_country
);
CREATE INDEX psra_verdicts_decided_at_idx ON trade.psra_verdicts (decided_at);

ALTER TABLE trade.psra_verdicts ENABLE ROW LEVEL SECURITY;
CREATE POLICY psra_verdicts_own_rows ON trade.psra_verdicts FOR ALL TO tidemark_app
USING (
    tenant_id = (SELECT CASE
        WHEN current_setting('app.current_tenant_id', TRUE) ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'
            THEN current_setting('app.current_tenant_id', TRUE)::uuid
    END)
);
CREATE POLICY psra_verdicts_operator_reads ON trade.psra_verdicts FOR SELECT TO tidemark_operator USING (TRUE);

GRANT SELECT, INSERT, UPDATE ON trade.psra_verdicts TO tidemark_app;
GRANT SELECT ON trade.psra_verdicts TO tidemark_operator;
