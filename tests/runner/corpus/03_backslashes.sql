-- Backslashes are plain characters in a standard string: the quote after one ends it.
CREATE TABLE corpus.paths (path text);
INSERT INTO corpus.paths VALUES ('C:\'), ('D:\dir\'), ('\\server\share\'); INSERT INTO corpus.paths VALUES (';\');
INSERT INTO corpus.paths VALUES (E'it\'s; \\'), (e'\'\n;\x3b\u00e9'), (U&'d!0061t!+000061; \' UESCAPE '!'), (U&'\0441\043B');
INSERT INTO corpus.paths VALUES ('continued; '
    'on the next; line');
INSERT INTO corpus.expected VALUES ('backslashes', (SELECT count(*) = 9 FROM corpus.paths)),
    ('first_path', (SELECT min(length(path)) = 2 FROM corpus.paths)),
    ('continued', EXISTS (SELECT FROM corpus.paths WHERE path = 'continued; on the next; line'));
