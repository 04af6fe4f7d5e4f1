-- What time alone may bring: rows that are not stored yet, told by a query, or ruled out by a proof.
-- depends: 0045_ops_call

SET LOCAL lock_timeout = '5s';

ALTER TABLE refresh.stored_views
ADD COLUMN appears text,
ADD COLUMN appears_type text
CONSTRAINT stored_views_appears_type_is_known_check CHECK (appears_type IN ('date', 'timestamp with time zone')),
ADD COLUMN clock_gap text;

COMMENT ON COLUMN refresh.stored_views.appears IS
'A query of the keys that are absent and of the day (appears_on) or instant (appears_at) at which time alone brings them; never: the author says that there are none.';
COMMENT ON COLUMN refresh.stored_views.clock_gap IS
'Why time alone may bring rows that no stored moment tells of; NULL: it cannot, or appears tells of them. While it is set, time makes the view recompute everything.';

-- until the runner has looked into their definitions, time makes views with a due column recompute everything
UPDATE refresh.stored_views AS sv SET clock_gap = 'nobody has looked yet which rows the clock decides'
WHERE sv.due_column IS NOT NULL AND sv.clock_use IN ('day', 'instant');
UPDATE refresh.view_state AS vst SET whole_reason = coalesce(vst.whole_reason, 'rows may have appeared by time alone')
FROM refresh.stored_views AS sv
WHERE vst.view_id = sv.view_id AND sv.clock_gap IS NOT NULL;
