-- Plan: the request is checked, the helper functions and the numbers of the run are laid down
-- All rows follow from the request and, when appending, from the ids in use.
-- size:   models, 10000
-- source: docs/model_risk.md, the value distributions of a typical mid-size bank

DO $$
DECLARE
    v_models bigint := current_setting('tidemark.generate_size');
    v_seed bigint := current_setting('tidemark.generate_seed');
    v_append boolean := current_setting('tidemark.generate_append');
BEGIN
    IF v_models NOT BETWEEN 1 AND 10000000 OR v_seed NOT BETWEEN 0 AND 1000000000000 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'the number of models or the seed is out of range',
            DETAIL = format('Asked for were %s models with seed %s.', v_models, v_seed),
            HINT = 'Give 1 to 10000000 models and a seed from 0 to 1000000000000.';
    END IF;
    IF NOT v_append AND (
        EXISTS (SELECT FROM model_risk.models) OR EXISTS (SELECT FROM model_risk.validation_requests)
        OR EXISTS (SELECT FROM model_risk.users) OR EXISTS (SELECT FROM model_risk.lob_units)
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = 'schema model_risk already holds an inventory',
            DETAIL = format('It has %s models.', (SELECT count(*) FROM model_risk.models)),
            HINT = 'Use an empty database, or append: generated rows then get ids after those in use.';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION pg_temp.working_hour(day date, u double precision)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (day + make_interval(secs => 28800 + floor(u * 36000))) AT TIME ZONE 'UTC';

COMMENT ON FUNCTION pg_temp.working_hour IS 'An instant of that day between 08:00 and 18:00 UTC.';

CREATE OR REPLACE PROCEDURE pg_temp.advance_identities()
LANGUAGE plpgsql AS $$
DECLARE
    v_column record;
BEGIN
    FOR v_column IN
        SELECT
            att.attrelid::regclass AS table_name,
            att.attname AS column_name,
            pg_get_serial_sequence(att.attrelid::regclass::text, att.attname) AS sequence_name
        FROM pg_attribute AS att
        INNER JOIN pg_class AS cls ON cls.oid = att.attrelid
        WHERE cls.relnamespace = 'model_risk'::regnamespace AND att.attidentity <> ''
    LOOP
        EXECUTE format(
            'SELECT setval(%L, coalesce(max(%2$I), 1), count(*) > 0) FROM %3$s',
            v_column.sequence_name, v_column.column_name, v_column.table_name
        );
    END LOOP;
END $$;

COMMENT ON PROCEDURE pg_temp.advance_identities IS
'Lets every identity column of the schema go on after the greatest value stored, whoever stored it.';

-- The reference data below relies on it when rows with given ids are there already.
CALL pg_temp.advance_identities();

CREATE TEMP TABLE generated_plan ON COMMIT DROP AS
WITH request AS (
    SELECT
        current_setting('tidemark.generate_size')::integer AS models,
        current_setting('tidemark.generate_as_of')::date AS as_of
)

SELECT
    request.models,
    request.as_of,
    (SELECT coalesce(max(mdl.model_id), 0) FROM model_risk.models AS mdl) AS model_base,
    (SELECT coalesce(max(usr.user_id), 0) FROM model_risk.users AS usr) AS user_base,
    least(greatest(request.models / 2000, 6), 60) AS teams,
    greatest(request.models / 25, 12) AS lob_units,
    3 AS admins,
    least(greatest(request.models / 2000, 4), 60) AS global_approvers,
    least(greatest(request.models / 1000, 12), 120) AS regional_approvers,
    greatest(request.models / 150, 5) AS validators,
    greatest(request.models / 10, 3) AS owners
FROM request;

COMMENT ON TABLE pg_temp.generated_plan IS
'One row: how many rows of each kind there will be. Users are numbered in the order of these columns.';
