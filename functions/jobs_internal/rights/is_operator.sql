-- jobs_internal.is_operator()
-- Whether the caller runs the queue, rather than only asking it for something.
-- requires: nothing
-- source:   docs/jobs.md, "Who may do what"

CREATE OR REPLACE FUNCTION jobs_internal.is_operator()
RETURNS boolean LANGUAGE sql STABLE
RETURN pg_has_role(coalesce(nullif(current_setting('role'), 'none'), session_user)::name, 'tidemark_operator', 'MEMBER')
OR pg_has_role(
    coalesce(nullif(current_setting('role'), 'none'), session_user)::name,
    (SELECT cls.relowner FROM pg_class AS cls WHERE cls.oid = 'jobs.job'::regclass), 'MEMBER'
);

COMMENT ON FUNCTION jobs_internal.is_operator IS
'True for members of tidemark_operator and for who owns the tables of the queue.';
