-- Undo 0045_ops_call: calls are noted no more.

DELETE FROM refresh_internal.chores WHERE call = 'ops_internal.trim_calls';
DROP TABLE ops.call;
