-- Trade: agreements, and which countries stand behind their parties.
-- depends: 0003_trade_nomenclature

CREATE TABLE trade.agreements (
    code varchar(16) COLLATE "C" NOT NULL,
    name varchar(255) NOT NULL,
    agreement_type text NOT NULL,
    parties text[] COLLATE "C" NOT NULL,
    effective_date date NOT NULL,
    expiry_date date,
    cumulation text NOT NULL,
    cumulation_partners text[] COLLATE "C" NOT NULL DEFAULT '{}',
    de_minimis_percent numeric(5, 2),
    de_minimis_excluded_chapters text[] COLLATE "C" NOT NULL DEFAULT '{}',
    minimal_operations text[] COLLATE "C" NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT agreements_pkey PRIMARY KEY (code),
    CONSTRAINT agreements_code_is_well_formed_check CHECK (code ~ '^[A-Z0-9-]{2,10}$'),
    CONSTRAINT agreements_type_is_known_check CHECK (
        agreement_type IN ('free_trade_agreement', 'customs_union', 'preferential_trade_agreement', 'economic_partnership')
    ),
    CONSTRAINT agreements_has_two_parties_check CHECK (cardinality(parties) >= 2 AND array_position(parties, NULL) IS NULL),
    CONSTRAINT agreements_expiry_after_start_check CHECK (expiry_date > effective_date),
    CONSTRAINT agreements_cumulation_is_known_check CHECK (cumulation IN ('none', 'bilateral', 'diagonal', 'full')),
    CONSTRAINT agreements_partners_only_diagonal_check CHECK (cumulation = 'diagonal' OR cumulation_partners = '{}'),
    CONSTRAINT agreements_de_minimis_is_percent_check CHECK (de_minimis_percent BETWEEN 0 AND 100)
);

COMMENT ON TABLE trade.agreements IS
'Trade agreements. Parties are countries or groups such as EU.';
COMMENT ON COLUMN trade.agreements.expiry_date IS 'Last day in force; NULL: open.';
COMMENT ON COLUMN trade.agreements.cumulation_partners IS 'Countries beside the parties whose materials count as originating; with diagonal cumulation only.';
COMMENT ON COLUMN trade.agreements.de_minimis_percent IS 'Share of the ex-works price, in percent, that a missed change of tariff code may have; NULL: none.';
COMMENT ON COLUMN trade.agreements.minimal_operations IS 'Codes of operations that alone make no origin.';

CREATE TABLE trade.party_members (
    party text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    member_from date NOT NULL,
    member_to date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT party_members_pkey PRIMARY KEY (party, country, member_from),
    CONSTRAINT party_members_country_is_iso_check CHECK (country NOT IN ('UK', 'EL')),
    CONSTRAINT party_members_end_not_before_start_check CHECK (member_to >= member_from)
);

COMMENT ON TABLE trade.party_members IS
'Which countries belong to a group, and when. Codes as ISO has them: GB, GR.';
COMMENT ON COLUMN trade.party_members.member_to IS 'Last day; NULL: open.';

CREATE INDEX party_members_country_idx ON trade.party_members (country);

GRANT SELECT ON trade.agreements, trade.party_members TO tidemark_app, tidemark_operator;
