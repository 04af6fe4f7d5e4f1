-- name: adoption_of
-- What is known of a materialized view that shall become a stored one; NULLs when the name is none.
SELECT
    ado.query, ado.comment, ado.column_names, ado.size_bytes, ado.unique_keys, ado.also_by, ado.not_kept, ado.uses, ado.makes_way
FROM deploy_internal.adoption_of(%(view)s) AS ado;

-- name: can_adopt
-- False in a database without the core, or with an older one.
SELECT to_regprocedure('deploy_internal.adoption_of(text)') IS NOT NULL;

-- name: twice_in_adopted
-- A key that two rows of a materialized view share, as text; no row when the columns are one.
SELECT ROW({key})::text AS twice FROM {view} GROUP BY {key} HAVING count(*) > 1 LIMIT 1;

-- name: give_back
SELECT deploy.give_back(%(view)s);

-- name: files_of_stored
-- The files of a stored view and of its live twin.
SELECT obj.path
FROM refresh.stored_views AS sv
INNER JOIN deploy.file_object AS obj
    ON (obj.kind = 'stored' AND sv.view_name = obj.identity) OR (obj.kind = 'view' AND sv.live_name = obj.identity)
WHERE sv.view_name = %(view)s
ORDER BY obj.path;

-- name: has_made_again
SELECT to_regclass('deploy.made_again') IS NOT NULL;

-- name: made_again
-- What SQL made again since the last apply, as the record of the catalogue writes addresses.
SELECT concat_ws(' ', mad.kind, mad.identity) AS address FROM deploy.made_again AS mad ORDER BY address;

-- name: forget_made_again
DELETE FROM deploy.made_again;

-- name: can_step_aside
SELECT to_regclass('deploy.stepped_aside') IS NOT NULL;

-- name: is_aside
-- Whether something stepped aside in this transaction and waits to come back.
SELECT EXISTS (SELECT FROM deploy.stepped_aside);

-- name: come_back
SELECT deploy.come_back();
