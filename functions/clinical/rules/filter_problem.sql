-- clinical.filter_problem()
-- The first key of a list's filters that cannot be.
-- requires: clinical.integer_of(), clinical.day_of()
-- source:   docs/clinical.md, "Filters"

CREATE OR REPLACE FUNCTION clinical.filter_problem(filters jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN jsonb_typeof(filters) IS DISTINCT FROM 'object' THEN ''
    ELSE (
        SELECT min(flt.key COLLATE "C")
        FROM jsonb_each(filters) AS flt (key, value)
        WHERE NOT CASE
            WHEN flt.key IN ('production_status', 'qc_status', 'priority', 'item_type', 'item_subtype', 'due_state')
                THEN jsonb_typeof(flt.value) = 'array' AND NOT jsonb_path_exists(flt.value, 'strict $[*] ? (@.type() != "string")')
            WHEN flt.key IN ('production_programmer_id', 'qc_programmer_id')
                THEN flt.value = 'null' OR clinical.integer_of(flt.value) IS NOT NULL
            WHEN flt.key IN ('programmer_id', 'tag_id') THEN clinical.integer_of(flt.value) IS NOT NULL
            WHEN flt.key IN ('has_unresolved', 'has_comments', 'in_production_flag') THEN jsonb_typeof(flt.value) = 'boolean'
            WHEN flt.key IN ('due_from', 'due_to') THEN jsonb_typeof(flt.value) = 'string' AND clinical.day_of(flt.value #>> '{}') IS NOT NULL
            WHEN flt.key = 'q' THEN jsonb_typeof(flt.value) = 'string'
            ELSE FALSE
        END
    )
END;

COMMENT ON FUNCTION clinical.filter_problem IS
'NULL when all can be, the empty text when filters is no object. An unknown key cannot be, nor a value of another kind than the key takes.';
