-- Text that only looks like psql commands, placeholders or transaction control.
CREATE TABLE corpus.looks (line text);
INSERT INTO corpus.looks VALUES ('
\i other.sql
\copy looks from stdin
\.
COMMIT;
'), (':variable'), ('%s %(name)s %%'), ('{placeholder}'), ('$1'), ('? ?? ?|');
COMMENT ON TABLE corpus.looks IS '100 % sure; \q';
DO $$
BEGIN
    EXECUTE 'CREATE TABLE corpus.made_by_do (a integer)';
    INSERT INTO corpus.looks VALUES (format('%s;%%', 'formatted'));
END
$$;
INSERT INTO corpus.expected VALUES ('percent', EXISTS (SELECT FROM corpus.looks WHERE line = '%s %(name)s %%')),
    ('formatted', EXISTS (SELECT FROM corpus.looks WHERE line = 'formatted;%')),
    ('operators', '{"a": 1}'::jsonb ? 'a' AND (SELECT 5 % 3 = 2));
;;
