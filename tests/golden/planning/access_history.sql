-- What users have after each change of rights, in a transaction of its own, while stored rows answer.

-- name: expected/expected_access_after_step.csv
-- key: step_no, user_id
SELECT
    noted.step_no,
    noted.user_id,
    noted.permission_count,
    noted.permissions_md5,
    noted.portfolio_count,
    noted.program_count,
    noted.program_ids_md5,
    noted.project_count,
    noted.project_ids_md5,
    noted.has_global_scope
FROM noted;
