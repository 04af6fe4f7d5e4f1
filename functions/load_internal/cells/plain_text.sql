-- load_internal.plain_text()
-- A cell as it was meant, without the marks of text that spreadsheets need.
-- requires: load.trimmed()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.plain_text(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN load.trimmed(cell) ~ '^=\(?"([^"]|"")*"\)?$'
        THEN load.trimmed(replace(regexp_replace(load.trimmed(cell), '^=\(?"(.*)"\)?$', '\1'), '""', '"'))
    ELSE load.trimmed(cell)
END;

COMMENT ON FUNCTION load_internal.plain_text IS
'Trimmed; ="0012345" and =("0012345") are 0012345.';
