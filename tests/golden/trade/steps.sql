-- What golden cases of trade do to the tables; docs/golden.md explains the words.

-- name: add_agreement
-- Beside those of the base.
INSERT INTO trade.agreements (
    code, name, agreement_type, parties, effective_date, expiry_date, cumulation, cumulation_partners, de_minimis_percent,
    de_minimis_excluded_chapters, minimal_operations
) VALUES (
    %(code)s, %(name)s, %(agreement_type)s, %(parties)s::text[], %(effective_date)s::date, %(expiry_date)s::date, %(cumulation)s,
    %(cumulation_partners)s::text[], %(de_minimis_percent)s::numeric, %(de_minimis_excluded_chapters)s::text[], %(minimal_operations)s::text[]
);

-- name: add_rule
INSERT INTO trade.psra_rules (
    rule_id, version, agreement_code, agreement_name, hs_chapter, hs_heading, hs_subheading, jurisdictions, effective_from, effective_to,
    priority, supersedes, payload
) VALUES (
    %(rule_id)s, %(version)s, %(agreement_code)s, %(agreement_name)s, %(hs_chapter)s, %(hs_heading)s, %(hs_subheading)s,
    %(jurisdictions)s::text[], %(effective_from)s::date, %(effective_to)s::date, %(priority)s::integer, %(supersedes)s::text[],
    %(payload)s::jsonb
);

-- name: evaluate
SELECT trade.evaluate_assessments();

-- name: prepare_declarations
CREATE TEMPORARY TABLE tried (sequence_no text, step text, outcome text, statuses_after text);

-- name: make_draft
-- Each sequence is about a draft of its own.
INSERT INTO trade.ltsd_declarations (
    tenant_id, document_ref, version, status, ltsd_type, supplier_name, supplier_country, customer_name, customer_country,
    declared_origin, valid_from, valid_to
)
SELECT ten.id, 'tried-in-sequence-' || %(sequence_no)s::text, 1, 'draft', 'preferential', 's', 'DE', 'c', 'FR', 'EU',
    %(initial_valid_from)s::date, %(initial_valid_to)s::date
FROM (SELECT own.id FROM trade.tenants AS own ORDER BY own.id LIMIT 1) AS ten
ON CONFLICT DO NOTHING;

-- name: try_action
INSERT INTO tried (sequence_no, step, outcome)
SELECT %(sequence_no)s, %(step)s, CASE %(action)s
    WHEN 'activate' THEN trade.activate_ltsd(ten.id, ref.text, %(version)s::integer, %(on_date)s::date)
    WHEN 'revoke' THEN trade.revoke_ltsd(ten.id, ref.text, %(version)s::integer, %(argument)s, %(on_date)s::date)
    ELSE trade.renew_ltsd(ten.id, ref.text, %(version)s::integer, CASE WHEN %(action)s = 'new_version' THEN %(argument)s::date END)
END
FROM (SELECT own.id FROM trade.tenants AS own ORDER BY own.id LIMIT 1) AS ten
CROSS JOIN (SELECT 'tried-in-sequence-' || %(sequence_no)s::text AS text) AS ref;

-- name: note_statuses
UPDATE tried SET statuses_after = (
    SELECT string_agg(dec.version || '=' || dec.status, ',' ORDER BY dec.version)
    FROM trade.ltsd_declarations AS dec
    WHERE dec.document_ref = 'tried-in-sequence-' || %(sequence_no)s::text
)
WHERE tried.sequence_no = %(sequence_no)s AND tried.step = %(step)s;

-- name: forget_declarations
DELETE FROM trade.ltsd_declarations WHERE document_ref LIKE 'tried-in-sequence-%%';

-- name: query_days
SELECT day.text FROM unnest(ARRAY['2025-06-30', '2026-03-01']) AS day (text);

-- name: prepare_imports
CREATE TEMPORARY TABLE noted_item (batch integer, item_no integer, code text, description text);
CREATE TEMPORARY TABLE answered (batch integer, step_no integer, items integer, answer jsonb);
CREATE TEMPORARY TABLE imported (batch integer, item_no integer, code text, action text, error text);

-- name: note_item
INSERT INTO noted_item VALUES (%(batch)s::integer, %(item_no)s::integer, %(code)s, %(description)s);

-- name: import_batches
INSERT INTO imported
SELECT bat.batch, imp.item_no, imp.code, imp.action, imp.error
FROM (
    SELECT itm.batch, jsonb_agg(jsonb_build_object('code', itm.code, 'description', itm.description) ORDER BY itm.item_no) AS items
    FROM noted_item AS itm GROUP BY itm.batch ORDER BY itm.batch
) AS bat
CROSS JOIN LATERAL trade.import_hs_codes(bat.items) AS imp;

-- name: declaration_days
SELECT day.text FROM unnest(ARRAY['2024-02-29', '2025-06-30', '2025-12-31', '2026-01-01', '2026-03-01']) AS day (text);

-- name: run_batches
-- As a worker calls the handler: with the state that its last step left. Batches that have no item are there as well.
INSERT INTO answered
WITH RECURSIVE batch AS (
    SELECT num.no, coalesce((
        SELECT jsonb_agg(jsonb_build_object('code', itm.code, 'description', itm.description) ORDER BY itm.item_no)
        FROM noted_item AS itm WHERE itm.batch = num.no
    ), '[]') AS items
    FROM (SELECT generate_series(1, max(itm.batch)) AS no FROM noted_item AS itm) AS num
),

step AS (
    SELECT bat.no, 1 AS step_no, bat.items, trade.run_import_job(NULL, jsonb_build_object('items', bat.items), NULL) AS answer
    FROM (SELECT own.* FROM batch AS own ORDER BY own.no OFFSET 0) AS bat
    UNION ALL
    SELECT ste.no, ste.step_no + 1, ste.items, trade.run_import_job(NULL, jsonb_build_object('items', ste.items), ste.answer -> 'state')
    FROM step AS ste WHERE ste.answer ? 'state'
)

SELECT ste.no, ste.step_no, jsonb_array_length(ste.items), ste.answer FROM step AS ste;
