-- load.copy_statement()
-- SQL text: the COPY that takes a chunk of records.
-- requires: load_internal.stage_name()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load.copy_statement(upload_id bigint, column_count integer, form text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(
    'COPY %s (%s%s) FROM STDIN (FORMAT %s, ENCODING ''UTF8'')',
    load_internal.stage_name(upload_id),
    CASE WHEN form = 'plain' THEN '' ELSE 'record_no, needs_care, flaw, flaw_value, ' END,
    (SELECT string_agg(format('c%s', num.n), ', ' ORDER BY num.n) FROM generate_series(1, column_count) AS num (n)),
    CASE WHEN form = 'text' THEN 'text' ELSE 'csv' END
);

COMMENT ON FUNCTION load.copy_statement IS
'form: plain (cells only, CSV), csv or text (record number, signs and cells). The chunks are UTF-8, whatever the client_encoding of the session.';
