-- Commerce: association rules, bundle recommendations, and the progress and timing of making them.
-- depends: 0014_commerce_catalog

CREATE TABLE commerce.association_rules (
    csv_upload_id uuid NOT NULL,
    antecedent text[] COLLATE "C" NOT NULL,
    consequent text[] COLLATE "C" NOT NULL,
    n_transactions bigint NOT NULL,
    n_antecedent bigint NOT NULL,
    n_consequent bigint NOT NULL,
    n_both bigint NOT NULL,
    support numeric(12, 6) NOT NULL,
    confidence numeric(12, 6) NOT NULL,
    lift numeric(12, 6) NOT NULL,
    computed_at timestamptz NOT NULL,
    CONSTRAINT association_rules_pkey PRIMARY KEY (csv_upload_id, antecedent, consequent),
    CONSTRAINT association_rules_csv_upload_id_fkey FOREIGN KEY (csv_upload_id)
    REFERENCES commerce.csv_uploads ON DELETE CASCADE,
    CONSTRAINT association_rules_sides_not_empty_check
    CHECK (cardinality(antecedent) > 0 AND cardinality(consequent) > 0),
    CONSTRAINT association_rules_counts_are_possible_check
    CHECK (n_both BETWEEN 1 AND least(n_antecedent, n_consequent) AND greatest(n_antecedent, n_consequent) <= n_transactions)
);

COMMENT ON TABLE commerce.association_rules IS
'Which variants are bought together in a run; csv_upload_id is its canonical upload. Replaced as a whole by commerce.mine_association_rules().';
COMMENT ON COLUMN commerce.association_rules.antecedent IS 'Variant ids, sorted bytewise: orders with all of these …';
COMMENT ON COLUMN commerce.association_rules.consequent IS '… often hold all of these too. Variant ids, sorted bytewise.';
COMMENT ON COLUMN commerce.association_rules.n_transactions IS 'Orders of the run with at least two different items.';
COMMENT ON COLUMN commerce.association_rules.n_antecedent IS 'Those of them that hold the antecedent.';
COMMENT ON COLUMN commerce.association_rules.n_consequent IS 'Those of them that hold the consequent.';
COMMENT ON COLUMN commerce.association_rules.n_both IS 'Those of them that hold both sides.';
COMMENT ON COLUMN commerce.association_rules.support IS 'n_both / n_transactions, 0 to 1.';
COMMENT ON COLUMN commerce.association_rules.confidence IS 'Share of the orders with the antecedent that hold the consequent too, 0 to 1.';
COMMENT ON COLUMN commerce.association_rules.lift IS 'How many times more often than by chance; 1: as by chance.';

CREATE TABLE commerce.bundle_recommendations (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    csv_upload_id uuid NOT NULL,
    shop_id text COLLATE "C" NOT NULL,
    dedupe_key text COLLATE "C" NOT NULL,
    bundle_type text NOT NULL,
    objective text NOT NULL,
    products jsonb NOT NULL,
    pricing jsonb NOT NULL,
    ai_copy jsonb NOT NULL,
    confidence numeric(12, 6) NOT NULL,
    predicted_lift numeric(12, 6) NOT NULL,
    ranking_score numeric(12, 6) NOT NULL,
    support numeric(12, 6),
    lift numeric(12, 6),
    rank_position integer,
    discount_reference text,
    is_approved boolean NOT NULL DEFAULT false,
    is_used boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bundle_recommendations_pkey PRIMARY KEY (id),
    CONSTRAINT bundle_recommendations_csv_upload_id_dedupe_key_key UNIQUE (csv_upload_id, dedupe_key),
    CONSTRAINT bundle_recommendations_csv_upload_id_fkey FOREIGN KEY (csv_upload_id)
    REFERENCES commerce.csv_uploads ON DELETE CASCADE,
    CONSTRAINT bundle_recommendations_bundle_type_is_upper_case_check CHECK (bundle_type = upper(bundle_type)),
    CONSTRAINT bundle_recommendations_confidence_is_share_check CHECK (confidence BETWEEN 0 AND 1)
);

COMMENT ON TABLE commerce.bundle_recommendations IS
'Proposed bundles; csv_upload_id is the canonical upload of the run.';
COMMENT ON COLUMN commerce.bundle_recommendations.dedupe_key IS
'SHA-256 of type, objective and the variant ids sorted bytewise, each on its own line: the same bundle has the same key.';
COMMENT ON COLUMN commerce.bundle_recommendations.bundle_type IS 'FBT (bought together), VOLUME, BOGO; other types are kept as given, in upper case.';
COMMENT ON COLUMN commerce.bundle_recommendations.products IS
'List of variant ids or objects with variant_id, or an object with such a list under items. As given.';
COMMENT ON COLUMN commerce.bundle_recommendations.rank_position IS
'1 is best; bundles and checkpoints of an upload are numbered separately. Renumbered by every save.';
COMMENT ON COLUMN commerce.bundle_recommendations.discount_reference IS
'Begins with __partial__ for checkpoints of an unfinished generation, with __quick_start_ for previews.';

CREATE TABLE commerce.bundle_saves (
    save_id bigint GENERATED ALWAYS AS IDENTITY,
    saved_at timestamptz NOT NULL,
    duration_ms double precision NOT NULL,
    record_count integer NOT NULL,
    inserted_count integer NOT NULL,
    updated_count integer NOT NULL,
    rejected_count integer NOT NULL,
    duplicate_count integer NOT NULL,
    CONSTRAINT bundle_saves_pkey PRIMARY KEY (save_id),
    CONSTRAINT bundle_saves_records_balance_check
    CHECK (record_count = inserted_count + updated_count + rejected_count + duplicate_count)
);

COMMENT ON TABLE commerce.bundle_saves IS 'One call of commerce.save_bundles(): its outcome and how long it took.';
COMMENT ON COLUMN commerce.bundle_saves.updated_count IS 'Records that met a bundle saved before, whether or not they changed it.';

CREATE TABLE commerce.bundle_save_issues (
    save_id bigint NOT NULL,
    item_no integer NOT NULL,
    reason text NOT NULL,
    CONSTRAINT bundle_save_issues_pkey PRIMARY KEY (save_id, item_no),
    CONSTRAINT bundle_save_issues_save_id_fkey FOREIGN KEY (save_id)
    REFERENCES commerce.bundle_saves ON DELETE CASCADE,
    CONSTRAINT bundle_save_issues_reason_is_known_check
    CHECK (reason IN (
        'unknown_upload', 'missing_shop', 'shop_mismatch', 'invalid_products', 'bad_number', 'out_of_range',
        'duplicate_bundle'
    ))
);

COMMENT ON TABLE commerce.bundle_save_issues IS 'Records of a save that were not stored, by their position in the list, from 1.';

CREATE TABLE commerce.generation_steps (
    step text NOT NULL,
    step_no integer NOT NULL,
    CONSTRAINT generation_steps_pkey PRIMARY KEY (step),
    CONSTRAINT generation_steps_step_no_key UNIQUE (step_no)
);

COMMENT ON TABLE commerce.generation_steps IS 'Steps of making bundles, in their order.';

INSERT INTO commerce.generation_steps (step_no, step)
VALUES
(1, 'queueing'), (2, 'task_scheduled'), (3, 'initializing'), (4, 'enrichment'), (5, 'scoring'),
(6, 'ml_generation'), (7, 'optimization'), (8, 'ai_descriptions'), (9, 'staged_publish'), (10, 'finalization');

CREATE TABLE commerce.generation_progress (
    csv_upload_id uuid NOT NULL,
    shop_id text COLLATE "C" NOT NULL,
    step text NOT NULL,
    progress integer NOT NULL,
    status text NOT NULL,
    message text,
    metadata jsonb,
    updated_at timestamptz NOT NULL,
    CONSTRAINT generation_progress_pkey PRIMARY KEY (csv_upload_id),
    CONSTRAINT generation_progress_csv_upload_id_fkey FOREIGN KEY (csv_upload_id)
    REFERENCES commerce.csv_uploads ON DELETE CASCADE,
    CONSTRAINT generation_progress_step_fkey FOREIGN KEY (step) REFERENCES commerce.generation_steps,
    CONSTRAINT generation_progress_progress_is_percent_check CHECK (progress BETWEEN 0 AND 100),
    CONSTRAINT generation_progress_status_is_known_check CHECK (status IN ('in_progress', 'completed', 'failed'))
);

COMMENT ON TABLE commerce.generation_progress IS
'How far the generation of an upload is. Steps never go back, progress inside a step never falls, a final record is locked until a retry.';

CREATE TABLE commerce.timing_limits (
    operation text NOT NULL,
    limit_ms double precision NOT NULL,
    CONSTRAINT timing_limits_pkey PRIMARY KEY (operation),
    CONSTRAINT timing_limits_operation_is_known_check CHECK (operation IN ('upload', 'bundle_save')),
    CONSTRAINT timing_limits_limit_ms_positive_check CHECK (limit_ms > 0)
);

COMMENT ON TABLE commerce.timing_limits IS 'How long an operation may take before commerce.slow_operation shows it, in milliseconds.';

INSERT INTO commerce.timing_limits (operation, limit_ms)
VALUES ('upload', 30000), ('bundle_save', 5000);

GRANT SELECT ON commerce.association_rules, commerce.bundle_recommendations, commerce.bundle_saves,
commerce.bundle_save_issues, commerce.generation_steps, commerce.generation_progress,
commerce.timing_limits
TO tidemark_app, tidemark_operator;
