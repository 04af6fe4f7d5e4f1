-- Words that tokenizers take for the start or end of something, as names of columns, tables and functions.
CREATE TABLE corpus."table; really" ("begin" integer, "end" integer, begin_at date, "commit" text, "a""b;" integer);
CREATE TABLE corpus.begin (begin integer, declare integer, loop integer, commit integer, rollback text);
INSERT INTO corpus.begin (begin, declare, loop, commit, rollback) VALUES (1, 2, 3, 4, 'begin; commit;');
CREATE VIEW corpus.case_end AS
SELECT CASE WHEN begin = 1 THEN CASE WHEN commit = 4 THEN 'end' END ELSE 'begin' END AS "case" FROM corpus.begin;
CREATE FUNCTION corpus.begin(begin integer) RETURNS integer LANGUAGE sql RETURN begin + 1;
INSERT INTO corpus.expected VALUES ('words', (SELECT "case" = 'end' FROM corpus.case_end)), ('function', corpus.begin(1) = 2);
