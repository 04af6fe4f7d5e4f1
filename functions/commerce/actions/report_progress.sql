-- commerce.report_progress()
-- Notes how far a generation is; reports that would go back are ignored.
-- requires: commerce.require_upload(), refresh.now()
-- source:   docs/commerce.md, "Generation"

CREATE OR REPLACE FUNCTION commerce.report_progress(
    p_upload_id uuid,
    p_step text,
    p_progress integer,
    p_status text DEFAULT 'in_progress',
    p_message text DEFAULT NULL,
    p_metadata jsonb DEFAULT NULL
)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload commerce.upload := commerce.require_upload(p_upload_id);
BEGIN
    IF NOT EXISTS (SELECT FROM commerce.generation_steps AS stp WHERE stp.step = p_step) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a step of a generation', coalesce(p_step, 'NULL')),
            DETAIL = format('The steps are %s.', (SELECT string_agg(stp.step, ', ' ORDER BY stp.step_no) FROM commerce.generation_steps AS stp)),
            HINT = 'Report one of these.';
    END IF;
    INSERT INTO commerce.generation_progress AS pro (
        csv_upload_id, shop_id, step, progress, status, message, metadata, updated_at
    )
    VALUES (
        v_upload.canonical_upload_id, v_upload.shop_id, p_step, p_progress, p_status, p_message, p_metadata, refresh.now()
    )
    ON CONFLICT (csv_upload_id) DO UPDATE
    SET
        step = excluded.step,
        progress = CASE WHEN pro.step = excluded.step THEN greatest(pro.progress, excluded.progress) ELSE excluded.progress END,
        status = excluded.status,
        message = excluded.message,
        metadata = coalesce(excluded.metadata, pro.metadata),
        updated_at = excluded.updated_at
    WHERE CASE
        WHEN pro.status <> 'in_progress' THEN pro.status = excluded.status AND pro.step = excluded.step
        WHEN excluded.step = 'finalization' THEN true
        ELSE (SELECT stp.step_no FROM commerce.generation_steps AS stp WHERE stp.step = excluded.step)
            >= (SELECT stp.step_no FROM commerce.generation_steps AS stp WHERE stp.step = pro.step)
    END;
    RETURN FOUND;
END;
$$;

COMMENT ON FUNCTION commerce.report_progress IS
'p_upload_id: any upload of the run; p_progress: percent. False: ignored, because the step lies before the present one or the record is final. Inside a step progress never falls. Raises P0002, 22023 for an unknown step, 23514 for another percentage or status.';

REVOKE ALL ON FUNCTION commerce.report_progress FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.report_progress TO tidemark_app;
