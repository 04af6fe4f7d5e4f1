-- jobs_internal.priority_name()
-- The word for a priority.
-- requires: nothing
-- source:   docs/jobs.md, "A job"

CREATE OR REPLACE FUNCTION jobs_internal.priority_name(priority integer)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (ARRAY['low', 'normal', 'high', 'critical'])[priority + 1];

COMMENT ON FUNCTION jobs_internal.priority_name IS
'low, normal, high or critical.';
