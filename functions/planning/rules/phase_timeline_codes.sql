-- planning.phase_timeline_codes()
-- Says what is wrong with the phases of a project.
-- requires: load.trimmed()
-- source:   docs/planning_writes.md, "Projects and phases"

CREATE OR REPLACE FUNCTION planning.phase_timeline_codes(project_start date, project_end date, phases jsonb)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH phase AS (
        SELECT
            giv.value ->> 'name' AS name,
            (giv.value ->> 'start_date')::date AS start_date,
            (giv.value ->> 'end_date')::date AS end_date,
            row_number() OVER timeline AS place,
            count(*) OVER () AS count,
            lead((giv.value ->> 'start_date')::date) OVER timeline AS next_start
        FROM jsonb_array_elements(phases) WITH ORDINALITY AS giv (value, no)
        WINDOW timeline AS (ORDER BY (giv.value ->> 'start_date')::date, giv.no)
    ),

    found AS (
        SELECT CASE WHEN jsonb_array_length(phases) = 0 THEN 'NO_PHASES' END AS code
        UNION
        SELECT cod.code
        FROM phase AS pha
        CROSS JOIN LATERAL (VALUES
            (CASE WHEN pha.place = 1 AND pha.start_date <> project_start THEN 'FIRST_START' END),
            (CASE WHEN pha.place = pha.count AND pha.end_date <> project_end THEN 'LAST_END' END),
            (CASE WHEN pha.next_start > pha.end_date + 1 THEN 'GAP' END),
            (CASE WHEN pha.next_start <= pha.end_date THEN 'OVERLAP' END),
            (CASE WHEN coalesce(load.trimmed(pha.name), '') = '' THEN 'NAME_EMPTY' WHEN length(pha.name) > 100 THEN 'NAME_TOO_LONG' END),
            (CASE WHEN pha.start_date > pha.end_date THEN 'DATE_ORDER' END),
            (CASE WHEN pha.start_date < project_start THEN 'BEFORE_PROJECT' END),
            (CASE WHEN pha.end_date > project_end THEN 'AFTER_PROJECT' END)
        ) AS cod (code)
    )

    SELECT coalesce(array_agg(fou.code ORDER BY fou.code COLLATE "C"), '{}') FROM found AS fou WHERE fou.code IS NOT NULL;
END;

COMMENT ON FUNCTION planning.phase_timeline_codes IS
'phases: a list of objects with name, start_date and end_date, both days included, in any order. Each code that applies once, in byte order; empty: nothing is wrong.';
