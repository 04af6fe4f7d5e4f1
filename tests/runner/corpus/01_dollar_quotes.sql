-- Dollar quotes in all their forms, with semicolons and quotes inside.
CREATE TABLE corpus.dollar_quotes (line integer PRIMARY KEY, said text NOT NULL);
INSERT INTO corpus.dollar_quotes VALUES (1, $$a; b; 'c' "d" -- no comment
/* none either */$$), (2, $x$$$; $y$ ; $x$), (3, $_1$ $1; $_1$), (4, $ä$ ; $ä$), (5, $$$$);
CREATE FUNCTION corpus.dollar_function() RETURNS text LANGUAGE plpgsql AS $outer$
DECLARE
    v_text text := $inner$ END; $inner$;
BEGIN
    EXECUTE $inner$ SELECT 'it''s; $ not $1' $inner$ INTO v_text;
    RETURN v_text;
END;
$outer$;
INSERT INTO corpus.expected VALUES ('dollar_function', (SELECT corpus.dollar_function() = 'it''s; $ not $1'));
INSERT INTO corpus.expected VALUES ('dollar_lines', (SELECT count(*) = 5 AND max(length(said)) > 20 FROM corpus.dollar_quotes));
