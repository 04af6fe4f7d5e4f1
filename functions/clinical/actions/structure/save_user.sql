-- clinical.save_user()
-- Makes a user, or changes one.
-- requires: clinical.may(), clinical.first_unknown_key(), clinical.user_field_code(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Users"

CREATE OR REPLACE FUNCTION clinical.save_user(
    p_actor_id integer, p_values jsonb, p_user_id integer DEFAULT NULL, OUT status text, OUT saved_id integer, OUT error_field text
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_columns constant text[] := '{username,email,role,department,auth_provider,is_active}'::text[];
    v_before clinical.users;
    v_new clinical.users;
    v_after clinical.users;
    v_taken text;
BEGIN
    IF NOT clinical.may(p_actor_id, 'user.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT usr.* INTO v_before FROM clinical.users AS usr WHERE usr.id = p_user_id FOR NO KEY UPDATE;
        SELECT
            own.code,
            own.field
        INTO status, error_field
        FROM (
            SELECT 1 AS place, 'user_not_found' AS code, NULL AS field WHERE v_before.id IS DISTINCT FROM p_user_id
            UNION ALL
            SELECT 2, 'value_invalid', NULL WHERE jsonb_typeof(p_values) IS DISTINCT FROM 'object'
            UNION ALL
            SELECT 3, 'field_unknown', unknown.key
            FROM clinical.first_unknown_key(p_values, v_columns) AS unknown (key) WHERE unknown.key IS NOT NULL
            UNION ALL
            SELECT 4, 'field_missing', 'username' WHERE p_user_id IS NULL AND p_values -> 'username' IS NULL
            UNION ALL
            SELECT 4 + cell.place, cod.code, cell.field
            FROM unnest(v_columns) WITH ORDINALITY AS cell (field, place)
            CROSS JOIN LATERAL (SELECT clinical.user_field_code(cell.field, p_values -> cell.field) AS code) AS cod
            WHERE jsonb_typeof(p_values) = 'object'
        ) AS own
        WHERE own.code IS NOT NULL
        ORDER BY own.place
        LIMIT 1;
        IF status IS NULL THEN
            v_new := jsonb_populate_record(v_before, CASE
                WHEN p_user_id IS NULL THEN '{"role": "VIEWER", "auth_provider": "local", "is_active": true}'::jsonb || p_values ELSE p_values
            END);
            status := CASE
                WHEN EXISTS (
                    SELECT FROM clinical.users AS usr WHERE usr.username = v_new.username AND usr.id IS DISTINCT FROM p_user_id
                ) THEN 'username_exists'
                WHEN EXISTS (
                    SELECT FROM clinical.users AS usr WHERE usr.email = v_new.email AND usr.id IS DISTINCT FROM p_user_id
                ) THEN 'email_exists'
                ELSE 'ok'
            END;
        END IF;
        BEGIN
            IF status = 'ok' AND p_user_id IS NULL THEN
                INSERT INTO clinical.users AS usr (username, email, role, department, auth_provider, is_active)
                VALUES (v_new.username, v_new.email, v_new.role, v_new.department, v_new.auth_provider, v_new.is_active)
                RETURNING usr.* INTO v_after;
            ELSIF status = 'ok' THEN
                UPDATE clinical.users AS usr
                SET
                    username = v_new.username, email = v_new.email, role = v_new.role, department = v_new.department,
                    auth_provider = v_new.auth_provider, is_active = v_new.is_active
                WHERE usr.id = p_user_id
                RETURNING usr.* INTO v_after;
            END IF;
        EXCEPTION
            WHEN unique_violation THEN  -- somebody else was faster
                GET STACKED DIAGNOSTICS v_taken = CONSTRAINT_NAME;
                status := CASE v_taken WHEN 'users_email_key' THEN 'email_exists' ELSE 'username_exists' END;
        END;
        IF status = 'ok' THEN
            saved_id := v_after.id;
            PERFORM clinical.record_saved(
                p_actor_id, 'user', CASE WHEN v_before.id IS NOT NULL THEN to_jsonb(v_before) END, to_jsonb(v_after)
            );
        END IF;
    END IF;
    PERFORM clinical.note_write('save_user', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.save_user IS
'p_values: a JSON object with the columns to set. Without p_user_id a new user. status: ok, forbidden, user_not_found, value_invalid, field_unknown, field_missing, null_not_allowed, username_exists, email_exists.';

REVOKE ALL ON FUNCTION clinical.save_user FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.save_user TO tidemark_app;
