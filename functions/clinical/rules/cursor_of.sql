-- clinical.cursor_of()
-- Where a page of a list ended, as a text for the client.
-- requires: nothing
-- source:   docs/clinical.md, "Lists"

CREATE OR REPLACE FUNCTION clinical.cursor_of(sort_key text, id bigint, print text)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN translate(
    encode(convert_to(jsonb_build_object('key', sort_key, 'id', id, 'print', print)::text, 'UTF8'), 'base64'), E'+/=\n', '-_'
);

COMMENT ON FUNCTION clinical.cursor_of IS
'Letters, digits, hyphen and underline only. print: tells lists apart. Read by clinical.cursor_place().';
