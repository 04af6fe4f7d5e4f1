-- trade.revoke_ltsd()
-- Takes a version of a declaration back.
-- requires: trade.revocation_code(), refresh.as_of_date()
-- source:   docs/trade.md, "Actions on declarations"

CREATE OR REPLACE FUNCTION trade.revoke_ltsd(p_tenant_id uuid, p_document_ref text, p_version integer, p_reason text, p_on date DEFAULT refresh.as_of_date())
RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_own trade.ltsd_declarations;
    v_code text;
BEGIN
    SELECT dec.* INTO v_own FROM trade.ltsd_declarations AS dec
    WHERE dec.tenant_id = p_tenant_id AND dec.document_ref = p_document_ref AND dec.version = p_version FOR UPDATE;
    v_code := CASE WHEN v_own.id IS NULL THEN 'NOT_FOUND' ELSE trade.revocation_code(v_own.status, p_reason) END;
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    UPDATE trade.ltsd_declarations AS dec
    SET status = 'revoked', revoked_at = p_on::timestamp AT TIME ZONE 'UTC', notes = p_reason
    WHERE dec.id = v_own.id;
    RETURN 'ok';
END;
$$;

COMMENT ON FUNCTION trade.revoke_ltsd IS
'ok, or why not: NOT_FOUND, INVALID_STATE, INVALID_REASON. The reason becomes its note.';

REVOKE ALL ON FUNCTION trade.revoke_ltsd FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.revoke_ltsd TO tidemark_app;
