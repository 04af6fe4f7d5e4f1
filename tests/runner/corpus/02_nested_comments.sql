/* a comment; /* a nested one; with a semicolon */ still a comment; SELECT 'x' */
-- SELECT 1; 'quote
CREATE TABLE corpus.comments (a integer /* ; */, b integer -- ; )
);
/**/ INSERT INTO corpus.comments /* -- */ VALUES (1, 2); --;
INSERT INTO corpus.comments VALUES (3 /* /* /* ; */ */ */, 4);
INSERT INTO corpus.comments SELECT 5, 6 WHERE '/*' <> '*/' AND '--' <> ';';
INSERT INTO corpus.expected VALUES ('comments', (SELECT count(*) = 3 FROM corpus.comments)); -- no line end follows