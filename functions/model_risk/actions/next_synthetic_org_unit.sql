-- model_risk.next_synthetic_org_unit()
-- A number for a unit that has none of its own.
-- requires: nothing
-- source:   docs/model_risk.md, "Importing the hierarchy"

CREATE OR REPLACE FUNCTION model_risk.next_synthetic_org_unit()
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_number integer;
    v_org_unit text;
BEGIN
    LOOP
        v_number := nextval('pg_temp.lob_numbers');
        IF v_number > 9998 THEN
            RAISE EXCEPTION USING
                ERRCODE = 'program_limit_exceeded',
                MESSAGE = 'there is no synthetic org unit left',
                DETAIL = 'They begin behind the highest one in use and end at S9998; S9999 is reserved.',
                HINT = 'Give org units in the file, or renumber units that use high numbers.';
        END IF;
        v_org_unit := 'S' || lpad(v_number::text, 4, '0');
        EXIT WHEN NOT EXISTS (SELECT FROM pg_temp.lob_nodes AS nod WHERE nod.org_unit = v_org_unit);
    END LOOP;
    RETURN v_org_unit;
END;
$$;

COMMENT ON FUNCTION model_risk.next_synthetic_org_unit IS
'S and four digits: counts on from the highest number in use when the import began, past those taken since. Raises 54000 when none is left.';

REVOKE ALL ON FUNCTION model_risk.next_synthetic_org_unit FROM PUBLIC;
