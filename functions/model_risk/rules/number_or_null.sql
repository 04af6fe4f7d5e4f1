-- model_risk.number_or_null()
-- A measured value as text, as a number.
-- requires: nothing
-- source:   docs/model_risk.md, "Importing monitoring results"

CREATE OR REPLACE FUNCTION model_risk.number_or_null(value_text text)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN length(value_text) > 1000 OR value_text !~ '^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?$' THEN NULL
    -- what double precision cannot hold: too large is no value, too small is none worth telling from zero
    WHEN abs(value_text::numeric) > 1.7976931348623157e308 THEN NULL
    WHEN abs(value_text::numeric) < 5e-324 AND value_text::numeric <> 0 THEN 0
    ELSE value_text::double precision
END;

COMMENT ON FUNCTION model_risk.number_or_null IS
'NULL for what is no finite decimal number: words such as nan and inf, digits with underscores, more than double precision holds.';
