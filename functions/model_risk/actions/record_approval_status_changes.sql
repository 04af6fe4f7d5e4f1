-- model_risk.record_approval_status_changes()
-- Writes down every model whose approval status is no longer the one last recorded.
-- requires: model_risk.approval, refresh.now()
-- source:   docs/model_risk.md, "The history of approval statuses"

CREATE OR REPLACE FUNCTION model_risk.record_approval_status_changes(
    p_trigger_type text, p_notes text DEFAULT NULL
)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_trigger_types CONSTANT text[] := ARRAY[
        'VALIDATION_APPROVED', 'VALIDATION_STATUS_CHANGE', 'APPROVAL_SUBMITTED',
        'EXPIRATION_CHECK', 'BACKFILL', 'MANUAL'
    ];
    v_written bigint;
BEGIN
    IF p_trigger_type IS NULL OR p_trigger_type <> ALL (c_trigger_types) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a reason to record a status', coalesce(p_trigger_type, 'NULL')),
            DETAIL = format('The reasons are %s.', array_to_string(c_trigger_types, ', ')),
            HINT = 'Give EXPIRATION_CHECK for a scheduled run, MANUAL for one by hand.';
    END IF;
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_transaction_state',
            MESSAGE = 'statuses cannot be recorded in this transaction',
            DETAIL = format('Its isolation level is %s: it may not see what another session just recorded.',
                current_setting('transaction_isolation')),
            HINT = 'Record in a READ COMMITTED transaction.';
    END IF;
    -- two recorders at once would both see the old status; readers are not blocked
    LOCK TABLE model_risk.model_approval_status_history IN SHARE ROW EXCLUSIVE MODE;

    INSERT INTO model_risk.model_approval_status_history
    (model_id, old_status, new_status, changed_at, trigger_type, notes)
    SELECT
        apr.model_id,
        last.new_status,
        apr.approval_status,
        refresh.now(),
        p_trigger_type,
        p_notes
    FROM model_risk.approval AS apr
    LEFT JOIN (
        SELECT DISTINCT ON (his.model_id)
            his.model_id,
            his.new_status
        FROM model_risk.model_approval_status_history AS his
        ORDER BY his.model_id ASC, his.history_id DESC
    ) AS last ON apr.model_id = last.model_id
    WHERE apr.approval_status IS NOT NULL
        AND apr.approval_status IS DISTINCT FROM last.new_status
    ORDER BY apr.model_id;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN v_written;
END;
$$;

COMMENT ON FUNCTION model_risk.record_approval_status_changes IS
'Compares model_risk.approval with the last recorded status of each model, adds a history row per difference and returns how many. Safe to run at any time: without a difference it writes nothing. Raises 22023 for an unknown reason, 25000 outside READ COMMITTED.';

REVOKE ALL ON FUNCTION model_risk.record_approval_status_changes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.record_approval_status_changes TO tidemark_app, tidemark_operator;
