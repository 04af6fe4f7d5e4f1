-- Bodies in SQL itself: semicolons outside any quote that do not end the statement.
CREATE TABLE corpus.atomic (id integer, begin integer);
CREATE FUNCTION corpus.atomic_insert(p_id integer) RETURNS integer LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO corpus.atomic VALUES (p_id, CASE WHEN p_id > 1 THEN 1 ELSE 0 END);
    INSERT INTO corpus.atomic VALUES (p_id + 1, 0);
    SELECT CASE WHEN true THEN p_id END;
END;
CREATE PROCEDURE corpus.atomic_procedure()
LANGUAGE sql
BEGIN ATOMIC
    DELETE FROM corpus.atomic WHERE id > 100; -- end;
END;
CREATE RULE atomic_rule AS ON INSERT TO corpus.case_end DO INSTEAD (
    INSERT INTO corpus.atomic VALUES (50, 1); INSERT INTO corpus.atomic VALUES (51, 1)
);
SELECT corpus.atomic_insert(7);
INSERT INTO corpus.case_end VALUES ('x');
CALL corpus.atomic_procedure();
INSERT INTO corpus.expected VALUES ('atomic', (SELECT count(*) = 4 FROM corpus.atomic));
