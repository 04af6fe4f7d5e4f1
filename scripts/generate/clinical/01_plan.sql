-- Plan: the request is checked, the helper functions and the numbers of the run are laid down
-- Asked for are trackers; all rows follow from their number, the seed, the day and, when appending, from the ids in use.
-- size:   trackers, 10000
-- source: docs/clinical.md, "Generated rows"

DO $$
DECLARE
    v_trackers bigint := current_setting('tidemark.generate_size');
    v_append boolean := current_setting('tidemark.generate_append');
BEGIN
    IF v_trackers NOT BETWEEN 1 AND 10000000 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'the number of trackers is out of range',
            DETAIL = format('Asked for were %s trackers.', v_trackers),
            HINT = 'Give 1 to 10000000.';
    END IF;
    IF NOT v_append AND (EXISTS (SELECT FROM clinical.users) OR EXISTS (SELECT FROM clinical.studies)) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = 'schema clinical already holds studies',
            DETAIL = format('It has %s studies.', (SELECT count(*) FROM clinical.studies)),
            HINT = 'Use an empty database, or append: generated rows then get ids after those in use.';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION pg_temp.quarter_hour(day date, u double precision)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (day + make_interval(mins => 480 + 15 * floor(u * 40)::integer)) AT TIME ZONE 'UTC';

COMMENT ON FUNCTION pg_temp.quarter_hour IS 'A quarter of an hour of that day between 08:00 and 18:00 UTC, so that ties are common.';

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
        WHERE cls.relnamespace = 'clinical'::regnamespace AND att.attidentity <> ''
    LOOP
        EXECUTE format(
            'SELECT setval(%L, coalesce(max(%2$I), 1), count(*) > 0) FROM %3$s',
            v_column.sequence_name, v_column.column_name, v_column.table_name
        );
    END LOOP;
END $$;

COMMENT ON PROCEDURE pg_temp.advance_identities IS
'Lets every identity column of the schema go on after the greatest value stored, whoever stored it.';

-- rows with given ids may be there already
CALL pg_temp.advance_identities();

CREATE TEMP TABLE generated_plan ON COMMIT DROP AS
WITH request AS (
    SELECT
        current_setting('tidemark.generate_size')::integer AS trackers,
        current_setting('tidemark.generate_as_of')::date AS as_of
)

SELECT
    request.trackers,
    request.as_of,
    greatest(request.trackers / 1000, 4) AS efforts,
    greatest(request.trackers / 8000, 2) AS studies,
    least(greatest(request.trackers / 2500, 25), 400) AS users,
    least(greatest(request.trackers / 10000, 8), 20) AS tags,
    greatest(request.trackers / 50, 20) AS titles,
    greatest(request.trackers / 150, 12) AS footnotes,
    least(greatest(request.trackers / 500, 10), 200) AS acronyms,
    least(greatest(request.trackers / 20000, 3), 60) AS packages,
    (SELECT coalesce(max(usr.id), 0) FROM clinical.users AS usr) AS user_base,
    (SELECT coalesce(max(stu.id), 0) FROM clinical.studies AS stu) AS study_base,
    (SELECT coalesce(max(rel.id), 0) FROM clinical.database_releases AS rel) AS release_base,
    (SELECT coalesce(max(eff.id), 0) FROM clinical.reporting_efforts AS eff) AS effort_base,
    (SELECT coalesce(max(txt.id), 0) FROM clinical.text_elements AS txt) AS text_base,
    (SELECT coalesce(max(itm.id), 0) FROM clinical.reporting_effort_items AS itm) AS item_base,
    (SELECT coalesce(max(trk.id), 0) FROM clinical.reporting_effort_item_tracker AS trk) AS tracker_base,
    (SELECT coalesce(max(cmt.id), 0) FROM clinical.tracker_comments AS cmt) AS comment_base,
    (SELECT coalesce(max(tag.id), 0) FROM clinical.tracker_tags AS tag) AS tag_base,
    (SELECT coalesce(max(pkg.id), 0) FROM clinical.packages AS pkg) AS package_base,
    (SELECT coalesce(max(itm.id), 0) FROM clinical.package_items AS itm) AS package_item_base
FROM request;

COMMENT ON TABLE pg_temp.generated_plan IS
'One row: how many rows of each kind there will be, and after which ids they begin.';
