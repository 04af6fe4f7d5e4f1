-- trade.renew_ltsd()
-- Makes the next version of a declaration, as a draft.
-- requires: trade.renewal_code()
-- source:   docs/trade.md, "Actions on declarations"

CREATE OR REPLACE FUNCTION trade.renew_ltsd(p_tenant_id uuid, p_document_ref text, p_version integer, p_valid_to date)
RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_own trade.ltsd_declarations;
    v_code text;
    v_next uuid := gen_random_uuid();
BEGIN
    SELECT dec.* INTO v_own FROM trade.ltsd_declarations AS dec
    WHERE dec.tenant_id = p_tenant_id AND dec.document_ref = p_document_ref AND dec.version = p_version FOR UPDATE;
    v_code := CASE WHEN v_own.id IS NULL THEN 'NOT_FOUND' ELSE trade.renewal_code(v_own.status, EXISTS (
        SELECT FROM trade.ltsd_declarations AS dec
        WHERE dec.tenant_id = p_tenant_id AND dec.document_ref = p_document_ref AND dec.version = p_version + 1
    )) END;
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    INSERT INTO trade.ltsd_declarations (
        id, tenant_id, document_ref, version, previous_version_id, status, ltsd_type, supplier_name, supplier_country, customer_name,
        customer_country, declared_origin, valid_from, valid_to, assessment_verdict, assessment_confidence, qualified_agreements
    ) VALUES (
        v_next, v_own.tenant_id, v_own.document_ref, v_own.version + 1, v_own.id, 'draft', v_own.ltsd_type, v_own.supplier_name,
        v_own.supplier_country, v_own.customer_name, v_own.customer_country, v_own.declared_origin, v_own.valid_from, p_valid_to,
        v_own.assessment_verdict, v_own.assessment_confidence, v_own.qualified_agreements
    );
    INSERT INTO trade.ltsd_products (ltsd_id, line_no, product_code, description, hs_code)
    SELECT v_next, prd.line_no, prd.product_code, prd.description, prd.hs_code
    FROM trade.ltsd_products AS prd
    WHERE prd.ltsd_id = v_own.id;
    RETURN 'ok';
END;
$$;

COMMENT ON FUNCTION trade.renew_ltsd IS
'ok, or why not: NOT_FOUND, INVALID_STATE. The version it comes from works until this one is activated.';

REVOKE ALL ON FUNCTION trade.renew_ltsd FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.renew_ltsd TO tidemark_app;
