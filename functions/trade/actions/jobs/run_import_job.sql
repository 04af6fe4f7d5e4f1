-- trade.run_import_job()
-- A step of a job that imports tariff codes.
-- requires: trade.import_hs_codes()
-- source:   docs/trade.md, "Jobs"

CREATE OR REPLACE FUNCTION trade.run_import_job(p_job_id uuid, p_payload jsonb, p_state jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_items jsonb := coalesce(p_payload -> 'items', '[]');
    v_total integer := jsonb_array_length(v_items);
    v_first integer := coalesce((p_state ->> 'next')::integer, 0);
    -- as far as the next item after which progress is told: 0, 10, 20
    v_last integer := least((v_first + 9) / 10 * 10, v_total - 1);
    v_errors jsonb := coalesce(p_state -> 'errors', '[]');
    v_more jsonb;
BEGIN
    SELECT coalesce(jsonb_agg(jsonb_build_object('item_no', v_first + imp.item_no, 'error', imp.error) ORDER BY imp.item_no), '[]') INTO v_more
    FROM trade.import_hs_codes((
        SELECT coalesce(jsonb_agg(item.fields ORDER BY item.place), '[]')
        FROM jsonb_array_elements(v_items) WITH ORDINALITY AS item (fields, place)
        WHERE item.place - 1 BETWEEN v_first AND v_last
    )) AS imp
    WHERE imp.error IS NOT NULL;
    v_errors := v_errors || v_more;
    -- the end is told by the result; a last item that is a multiple of ten is told first
    IF v_last >= v_total - 1 AND (v_total = 0 OR v_last % 10 <> 0 OR v_first > v_last) THEN
        RETURN jsonb_build_object('result', jsonb_build_object(
            'imported', v_total - jsonb_array_length(v_errors), 'errors', jsonb_array_length(v_errors), 'total', v_total, 'item_errors', v_errors
        ));
    END IF;
    RETURN jsonb_build_object(
        'state', jsonb_build_object('next', v_last + 1, 'errors', v_errors), 'progress', (v_last + 1) * 100 / v_total
    );
END;
$$;

COMMENT ON FUNCTION trade.run_import_job IS
'Payload: items, each with code and description. Ten a step. The result has the numbers and the list of what was refused.';

REVOKE ALL ON FUNCTION trade.run_import_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.run_import_job TO tidemark_operator;
