-- Identities: rows added from now on get numbers after the generated ones

CALL pg_temp.advance_identities();
