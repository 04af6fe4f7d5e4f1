-- What golden cases of planning do to the tables, and what they keep of each before it is taken back.

-- name: prepare_imports
CREATE TEMPORARY TABLE import_answer (
    case_id text, kind text, description text, actuals_through_date text, upload_id bigint, outcome text, batch_id uuid, row_count bigint
);
CREATE TEMPORARY TABLE imported AS SELECT ''::text AS case_id, act.* FROM planning.actuals AS act WHERE FALSE;
CREATE TEMPORARY TABLE imported_batch AS SELECT ''::text AS case_id, bat.* FROM planning.actual_import_batches AS bat WHERE FALSE;

-- name: note_import
INSERT INTO import_answer
SELECT
    %(case_id)s, %(kind)s, %(description)s, %(actuals_through_date)s, upl.upload_id,
    CASE upl.load_status WHEN 'loaded' THEN 'ACCEPTED' ELSE upper(upl.error_code) END,
    (upl.parameters ->> 'batch')::uuid,
    upl.total_rows
FROM load.upload AS upl
WHERE upl.upload_id = %(upload_id)s;

-- name: note_import_actuals
-- All that is not of the history: a file that is refused must leave nothing.
INSERT INTO imported
SELECT %(case_id)s, act.* FROM planning.actuals AS act
WHERE act.import_batch_id IN (SELECT bat.id FROM planning.actual_import_batches AS bat WHERE bat.file_name !~ '_history');

-- name: note_import_batch
INSERT INTO imported_batch
SELECT %(case_id)s, bat.* FROM planning.actual_import_batches AS bat WHERE bat.file_name !~ '_history';

-- name: undo_import
DELETE FROM planning.actuals
WHERE import_batch_id IN (SELECT bat.id FROM planning.actual_import_batches AS bat WHERE bat.file_name !~ '_history');

-- name: undo_import_batch
DELETE FROM planning.actual_import_batches WHERE file_name !~ '_history';

-- name: prepare_access_history
CREATE TEMPORARY TABLE noted (
    step_no integer, user_id text, permission_count integer, permissions_md5 text, portfolio_count integer, program_count integer,
    program_ids_md5 text, project_count integer, project_ids_md5 text, has_global_scope boolean
);

-- name: read_whom_access_is_told_of
-- At each step; the others are not looked at.
CREATE TEMPORARY TABLE told AS
SELECT split_part(line.text, ',', 1) AS step_no, split_part(line.text, ',', 2) AS user_id
FROM regexp_split_to_table(%(told)s, E'\r?\n') AS line (text)
WHERE line.text ~ '^[0-9]+,';

-- name: change_access
-- One change, written as raw SQL: whatever writes these tables must be followed.
WITH users AS (
    UPDATE planning.users SET is_active = (%(action)s = 'activate_user')
    WHERE id = %(user_id)s::uuid AND %(action)s IN ('activate_user', 'deactivate_user')
),

roles AS (
    UPDATE planning.user_roles SET is_active = (%(action)s = 'activate_role')
    WHERE id = %(user_role_id)s::uuid AND %(action)s IN ('activate_role', 'deactivate_role', 'remove_role')
),

assigned_roles AS (
    INSERT INTO planning.user_roles (id, user_id, role_type, is_active)
    SELECT %(user_role_id)s::uuid, %(user_id)s::uuid, %(role_type)s, %(is_active)s::boolean WHERE %(action)s = 'assign_role'
    ON CONFLICT (id) DO UPDATE SET is_active = excluded.is_active
),

deleted_roles AS (
    DELETE FROM planning.user_roles WHERE id = %(user_role_id)s::uuid AND %(action)s = 'delete_role_row'
),

scopes AS (
    UPDATE planning.scope_assignments SET is_active = (%(action)s = 'activate_scope')
    WHERE id = %(scope_assignment_id)s::uuid AND %(action)s IN ('activate_scope', 'remove_scope')
),

assigned_scopes AS (
    INSERT INTO planning.scope_assignments (id, user_role_id, scope_type, program_id, project_id, is_active)
    SELECT
        %(scope_assignment_id)s::uuid, %(user_role_id)s::uuid, %(scope_type)s, %(program_id)s::uuid,
        %(project_id)s::uuid, %(is_active)s::boolean
    WHERE %(action)s = 'assign_scope'
),

deleted_scopes AS (
    DELETE FROM planning.scope_assignments WHERE id = %(scope_assignment_id)s::uuid AND %(action)s = 'delete_scope_row'
),

made_projects AS (
    INSERT INTO planning.projects (
        id, program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code
    )
    SELECT
        %(project_id)s::uuid, %(program_id)s::uuid, 'new', 'new', 'new', 'new', '2026-01-01', '2026-12-31', 'NEW-' || %(step_no)s::text
    WHERE %(action)s = 'create_project'
),

moved_projects AS (
    UPDATE planning.projects SET program_id = %(program_id)s::uuid
    WHERE id = %(project_id)s::uuid AND %(action)s = 'move_project'
)

DELETE FROM planning.projects WHERE id = %(project_id)s::uuid AND %(action)s = 'delete_project';

-- name: note_access
INSERT INTO noted
SELECT
    %(step_no)s::text::integer,
    own.user_id::text,
    cardinality(own.permissions),
    digest.permissions,
    cardinality(own.portfolio_ids),
    cardinality(own.program_ids),
    digest.programs,
    cardinality(own.project_ids),
    digest.projects,
    own.has_global_scope
FROM told
CROSS JOIN LATERAL planning.access_of(told.user_id::uuid) AS own
CROSS JOIN LATERAL (
    SELECT
        md5(coalesce((SELECT string_agg(x.value, ',' ORDER BY x.value COLLATE "C") FROM unnest(own.permissions) AS x (value)), '')) AS permissions,
        md5(coalesce((SELECT string_agg(x.value::text, ',' ORDER BY x.value::text COLLATE "C") FROM unnest(own.program_ids) AS x (value)), '')) AS programs,
        md5(coalesce((SELECT string_agg(x.value::text, ',' ORDER BY x.value::text COLLATE "C") FROM unnest(own.project_ids) AS x (value)), '')) AS projects
) AS digest
WHERE told.step_no = %(step_no)s::text;

-- name: forecast_days
-- Days on which stored views are compared with their live twins.
SELECT day.text FROM unnest(ARRAY['2025-03-31', '2026-02-16', '2026-02-17']) AS day (text);
