-- Trade: product specific rules of origin.
-- depends: 0004_trade_agreements

CREATE TABLE trade.psra_rules (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    rule_id varchar(32) COLLATE "C" NOT NULL,
    version varchar(16) NOT NULL,
    agreement_code varchar(16) COLLATE "C" NOT NULL,
    agreement_name varchar(255) NOT NULL,
    hs_chapter varchar(2) COLLATE "C" NOT NULL,
    hs_heading varchar(4) COLLATE "C",
    hs_subheading varchar(6) COLLATE "C",
    jurisdictions text[] COLLATE "C" NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    priority integer NOT NULL,
    supersedes text[] COLLATE "C" NOT NULL DEFAULT '{}',
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    hs_prefix text COLLATE "C" GENERATED ALWAYS AS (coalesce(hs_subheading, hs_heading, hs_chapter)) STORED,
    -- squawk-ignore prefer-bigint-over-smallint
    hs_level smallint GENERATED ALWAYS AS (length(coalesce(hs_subheading, hs_heading, hs_chapter))) STORED,
    CONSTRAINT psra_rules_pkey PRIMARY KEY (id),
    CONSTRAINT idx_psra_rules_rule_id UNIQUE (rule_id),
    CONSTRAINT psra_rules_agreement_code_fkey FOREIGN KEY (agreement_code) REFERENCES trade.agreements,
    CONSTRAINT psra_rules_hs_prefix_fkey FOREIGN KEY (hs_prefix) REFERENCES trade.hs_codes (code),
    CONSTRAINT psra_rules_rule_id_is_well_formed_check CHECK (
        rule_id ~ '^[A-Z]{2,5}-HS[0-9]{2}-[0-9]{3,}$' AND substr(rule_id, position('-HS' IN rule_id) + 3, 2) = hs_chapter
    ),
    CONSTRAINT psra_rules_version_is_2_check CHECK (version ~ '^2\.[0-9]+\.[0-9]+$'),
    CONSTRAINT psra_rules_chapter_is_digits_check CHECK (hs_chapter ~ '^[0-9]{2}$'),
    CONSTRAINT psra_rules_heading_in_chapter_check CHECK (hs_heading ~ '^[0-9]{4}$' AND left(hs_heading, 2) = hs_chapter),
    CONSTRAINT psra_rules_subheading_in_heading_check CHECK (
        hs_subheading IS NULL OR coalesce(hs_subheading ~ '^[0-9]{6}$' AND left(hs_subheading, 4) = hs_heading, FALSE)
    ),
    CONSTRAINT psra_rules_has_jurisdiction_check CHECK (cardinality(jurisdictions) >= 1 AND array_position(jurisdictions, NULL) IS NULL),
    CONSTRAINT psra_rules_end_not_before_start_check CHECK (effective_to >= effective_from),
    CONSTRAINT psra_rules_priority_range_check CHECK (priority BETWEEN 0 AND 999),
    -- the columns are copies of what the payload says
    CONSTRAINT psra_rules_payload_agrees_check CHECK (
        (
            payload ->> 'version', payload #>> '{metadata,rule_id}', payload #>> '{metadata,agreement,code}',
            payload #>> '{metadata,agreement,name}', payload #>> '{metadata,hs_code,chapter}', payload #>> '{metadata,hs_code,heading}',
            payload #>> '{metadata,hs_code,subheading}', (payload #>> '{metadata,effective_from}')::date,
            (payload #>> '{metadata,effective_to}')::date, payload #> '{metadata,jurisdiction}', payload #> '{metadata,priority}',
            payload #> '{metadata,supersedes}'
        ) IS NOT DISTINCT FROM (
            version, rule_id, agreement_code, agreement_name, hs_chapter, hs_heading, hs_subheading, effective_from, effective_to,
            to_jsonb(jurisdictions), to_jsonb(priority), to_jsonb(supersedes)
        )
    ),
    CONSTRAINT psra_rules_payload_cites_check CHECK (
        coalesce(CASE WHEN jsonb_typeof(payload #> '{decision,verdicts,qualified,citations}') = 'array'
            THEN jsonb_array_length(payload #> '{decision,verdicts,qualified,citations}') >= 1 END, FALSE)
    ),
    CONSTRAINT psra_rules_payload_tests_are_known_check CHECK (
        NOT payload @? '$.criteria.origin.alternatives[*] ? (!exists(@.tests[0]))'
        AND NOT payload @? '$.criteria.origin.alternatives[*].tests[*] ? (
            !(@.kind == "CTC" || @.kind == "MAXNOM" || @.kind == "RVC" || @.kind == "PROCESS" || @.kind == "WO" || @.kind == "PE"))'
        AND NOT payload @? '$.criteria.origin.alternatives[*].tests[*] ? (
            @.kind == "CTC" && !(@.level == "CC" || @.level == "CTH" || @.level == "CTSH"))'
        AND NOT payload @? '$.criteria.origin.alternatives[*].tests[*] ? (
            (@.kind == "MAXNOM" || @.kind == "RVC") && !(@.percent >= 0 && @.percent <= 100))'
        AND NOT payload @? '$.criteria.origin.alternatives[*].tests[*] ? (
            @.kind == "RVC" && !(@.method == "build-up" || @.method == "build-down" || @.method == "net-cost"))'
        AND NOT payload @? '$.criteria.origin.alternatives[*].tests[*] ? (
            exists(@.basis) && !(@.basis == "EXW" || @.basis == "FOB" || @.basis == "NC"))'
    )
);

COMMENT ON TABLE trade.psra_rules IS
'Product specific rules of origin of an agreement: for a chapter, a heading or a subheading.';
COMMENT ON COLUMN trade.psra_rules.effective_to IS 'Last day; NULL: open.';
COMMENT ON COLUMN trade.psra_rules.priority IS '0 is the strongest.';
COMMENT ON COLUMN trade.psra_rules.supersedes IS 'Rules of the same agreement that do not hold while this one is in force.';
COMMENT ON COLUMN trade.psra_rules.payload IS 'The rule itself; the columns repeat what they share with it.';
COMMENT ON COLUMN trade.psra_rules.hs_prefix IS 'What a code must begin with.';
COMMENT ON COLUMN trade.psra_rules.hs_level IS 'Digits of hs_prefix.';

CREATE INDEX idx_psra_rules_agreement_code ON trade.psra_rules (agreement_code);
CREATE INDEX idx_psra_rules_agreement_hs_chapter ON trade.psra_rules (agreement_code, hs_chapter);
CREATE INDEX idx_psra_rules_hs_hierarchy ON trade.psra_rules (hs_chapter, hs_heading, hs_subheading);
CREATE INDEX idx_psra_rules_effective_dates ON trade.psra_rules (effective_from, effective_to);
CREATE INDEX idx_psra_rules_active ON trade.psra_rules (effective_from) WHERE effective_to IS NULL;
CREATE INDEX idx_psra_rules_priority ON trade.psra_rules (priority DESC);
CREATE INDEX idx_psra_rules_jurisdictions ON trade.psra_rules USING gin (jurisdictions);
CREATE INDEX idx_psra_rules_payload ON trade.psra_rules USING gin (payload);
CREATE INDEX psra_rules_hs_prefix_idx ON trade.psra_rules (hs_prefix, agreement_code);

-- kept in step with psra_rules.supersedes by a trigger, so that it can be looked up and followed from both ends
CREATE TABLE trade.rule_supersessions (
    superseded_rule_id varchar(32) COLLATE "C" NOT NULL,
    superseding_rule_id varchar(32) COLLATE "C" NOT NULL,
    CONSTRAINT rule_supersessions_pkey PRIMARY KEY (superseded_rule_id, superseding_rule_id),
    CONSTRAINT rule_supersessions_superseding_rule_id_fkey
    FOREIGN KEY (superseding_rule_id) REFERENCES trade.psra_rules (rule_id) ON UPDATE CASCADE ON DELETE CASCADE
);

COMMENT ON TABLE trade.rule_supersessions IS
'Which rule is superseded by which, one row for each entry of trade.psra_rules.supersedes. Not written by hand.';

CREATE INDEX rule_supersessions_superseding_rule_id_idx ON trade.rule_supersessions (superseding_rule_id);

GRANT SELECT ON trade.psra_rules, trade.rule_supersessions TO tidemark_app, tidemark_operator;
