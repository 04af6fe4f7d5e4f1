-- events.declare_family()
-- Says who may enter the rooms of a family.
-- requires: nothing
-- source:   docs/events.md, "What a family declares"

CREATE OR REPLACE FUNCTION events.declare_family(p_family text, p_room_rule text, p_sends_deltas boolean DEFAULT TRUE)
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (
        SELECT fun.prorettype = 'boolean'::regtype AND fun.pronargs = 2 AND NOT fun.proretset
        FROM pg_proc AS fun WHERE fun.oid = to_regprocedure(p_room_rule || '(text, text)')
    ) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_function',
            MESSAGE = format('%s is no rule for rooms', p_room_rule),
            DETAIL = 'A rule is a function (room text, actor text) that returns boolean.',
            HINT = 'Name it with its schema, without parentheses.';
    END IF;
    INSERT INTO events.families AS fam (family, room_rule, sends_deltas)
    VALUES (p_family, p_room_rule, p_sends_deltas)
    ON CONFLICT (family) DO UPDATE SET room_rule = excluded.room_rule, sends_deltas = excluded.sends_deltas
    WHERE (fam.room_rule, fam.sends_deltas) IS DISTINCT FROM (excluded.room_rule, excluded.sends_deltas);
END;
$$;

COMMENT ON FUNCTION events.declare_family IS
'Idempotent. p_room_rule: function (room text, actor text) RETURNS boolean; p_sends_deltas FALSE: messages tell which objects changed and not how.';

REVOKE ALL ON FUNCTION events.declare_family FROM PUBLIC;
