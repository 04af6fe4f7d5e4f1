-- trade.activate_ltsd()
-- Makes a draft of a declaration the one that holds.
-- requires: trade.activation_code(), refresh.as_of_date()
-- source:   docs/trade.md, "Actions on declarations"

CREATE OR REPLACE FUNCTION trade.activate_ltsd(p_tenant_id uuid, p_document_ref text, p_version integer, p_on date DEFAULT refresh.as_of_date())
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
    v_code := CASE WHEN v_own.id IS NULL THEN 'NOT_FOUND' ELSE trade.activation_code(v_own.status, v_own.valid_to, p_on) END;
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    UPDATE trade.ltsd_declarations AS dec
    SET status = 'superseded', superseded_by = v_own.id
    WHERE dec.tenant_id = p_tenant_id AND dec.document_ref = p_document_ref AND dec.version < p_version
        AND dec.status IN ('draft', 'active');
    UPDATE trade.ltsd_declarations AS dec
    SET status = 'active', issued_at = coalesce(dec.issued_at, p_on::timestamp AT TIME ZONE 'UTC')
    WHERE dec.id = v_own.id;
    RETURN 'ok';
END;
$$;

COMMENT ON FUNCTION trade.activate_ltsd IS
'ok, or why not: NOT_FOUND, INVALID_STATE, ALREADY_EXPIRED. Earlier versions in draft or active are superseded by it.';

REVOKE ALL ON FUNCTION trade.activate_ltsd FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.activate_ltsd TO tidemark_app;
