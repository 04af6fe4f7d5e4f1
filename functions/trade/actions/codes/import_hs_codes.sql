-- trade.import_hs_codes()
-- Adds or describes codes, one after the other.
-- requires: trade.hs_item_error(), trade.hs_level_of()
-- source:   docs/trade.md, "Importing codes"

CREATE OR REPLACE FUNCTION trade.import_hs_codes(p_items jsonb)
RETURNS TABLE (
    item_no integer,
    code text,
    action text,
    error text
)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_item record;
    v_parent trade.hs_codes;
BEGIN
    -- one by one: an item may be the parent of a later one
    FOR v_item IN
        SELECT (item.place - 1)::integer AS no, regexp_replace(item.fields ->> 'code', '[^0-9]', '', 'g') AS digits,
            item.fields ->> 'description' AS description
        FROM jsonb_array_elements(p_items) WITH ORDINALITY AS item (fields, place)
        ORDER BY item.place
    LOOP
        item_no := v_item.no;
        code := NULL;
        action := NULL;
        error := trade.hs_item_error(v_item.digits, v_item.description);
        IF error IS NULL THEN
            SELECT hsc.* INTO v_parent FROM trade.hs_codes AS hsc
            WHERE hsc.code = CASE WHEN length(v_item.digits) = 2 THEN 'TOTAL' ELSE left(v_item.digits, -2) END;
            IF NOT FOUND THEN
                error := 'UNKNOWN_PARENT';
            ELSE
                code := v_item.digits;
                UPDATE trade.hs_codes AS hsc SET description = v_item.description WHERE hsc.code = v_item.digits;
                action := CASE WHEN FOUND THEN 'updated' ELSE 'inserted' END;
                IF action = 'inserted' THEN
                    INSERT INTO trade.hs_codes (code, description, parent, section, chapter, level)
                    VALUES (v_item.digits, v_item.description, v_parent.code, v_parent.section, left(v_item.digits, 2),
                        trade.hs_level_of(v_item.digits));
                END IF;
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION trade.import_hs_codes IS
'p_items: an array of objects with code and description. One row an item, in order: what was done, or why nothing was: INVALID_CODE, EMPTY_DESCRIPTION, UNKNOWN_PARENT.';

REVOKE ALL ON FUNCTION trade.import_hs_codes FROM PUBLIC;
