-- events_internal.require_room()
-- Refuses a room to whoever may not enter it.
-- requires: nothing
-- source:   docs/events.md, "Who may enter"

CREATE OR REPLACE FUNCTION events_internal.require_room(p_family text, p_room text, p_actor text)
RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_login text := coalesce(nullif(current_setting('role'), 'none'), session_user);
    v_rule regprocedure;
    v_may boolean;
BEGIN
    IF p_actor IS NULL THEN
        v_may := pg_has_role(v_login, 'tidemark_operator', 'USAGE');
    ELSE
        SELECT to_regprocedure(fam.room_rule || '(text, text)') INTO v_rule FROM events.families AS fam WHERE fam.family = p_family;
        IF v_rule IS NOT NULL THEN
            EXECUTE format('SELECT %s($1, $2)', v_rule::oid::regproc) INTO v_may USING p_room, p_actor;
        END IF;
    END IF;
    IF v_may IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('room "%s" of %s is closed', p_room, p_family),
            DETAIL = CASE WHEN p_actor IS NULL THEN format('No user of the family was named, and %s is no operator.', v_login)
                WHEN v_rule IS NULL THEN 'The family has declared no rule for its rooms, so they are for operators.'
                ELSE 'The rule of the family does not let this user in.' END,
            HINT = 'Name a user who may enter the room, or leave him out as a member of tidemark_operator.';
    END IF;
END;
$$;

COMMENT ON FUNCTION events_internal.require_room IS
'Raises 42501. p_actor: user of the family, whom its rule is asked about; NULL: the login must be an operator.';

REVOKE ALL ON FUNCTION events_internal.require_room FROM PUBLIC;
