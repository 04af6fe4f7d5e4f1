-- model_risk.lob_ancestry: whose unit is it, and under which business line is it reported?
BEGIN;
SELECT plan(7);
SET LOCAL tidemark.as_of = '2025-06-30';

INSERT INTO model_risk.teams (team_id, name, is_active) VALUES (901, 'Top', true), (902, 'Middle', false);
INSERT INTO model_risk.lob_units (lob_id, parent_id, team_id, code, name, level, org_unit, is_active) VALUES
(901, NULL, 901, 'A', 'Bank', 0, '00001', true),
(902, 901, NULL, 'B', 'Retail', 1, '00002', false),
(903, 902, 902, 'C', 'Cards', 4, '00003', true),
(904, 903, NULL, 'D', 'Scoring', 5, '00004', true),
(905, 904, NULL, 'E', 'Desk', 6, '00005', true),
(906, 905, NULL, 'F', 'Seat', 8, '00006', true),
(907, 903, NULL, 'G', 'Deep without five', 6, '00007', true),
(908, NULL, NULL, 'H', 'Alone', 0, '00008', true),
(909, NULL, NULL, 'I', 'Circle one', 6, '00009', true),
(910, 909, NULL, 'J', 'Circle two', 7, '00010', true),
(911, 904, NULL, 'K', 'Second five', 5, '00011', true),
(912, 911, NULL, 'L', 'Under both', 6, '00012', true);
UPDATE model_risk.lob_units SET parent_id = 910 WHERE lob_id = 909;

SELECT results_eq(
    'SELECT * FROM model_risk.lob_ancestry WHERE lob_id BETWEEN 901 AND 912 ORDER BY lob_id',
    $$VALUES
    (901, 901, 'Bank'::varchar),
    (902, 901, 'Retail'),
    (903, 902, 'Cards'),
    (904, 902, 'Scoring'),
    (905, 902, 'Scoring'),
    (906, 902, 'Scoring'),
    (907, 902, 'Deep without five'),
    (908, NULL, 'Alone'),
    (909, NULL, 'Circle one'),
    (910, NULL, 'Circle two'),
    (911, 902, 'Second five'),
    (912, 902, 'Second five')$$,
    'The nearest team counts, also an inactive one; below level 5 the nearest ancestor at level 5 gives the business line'
);

UPDATE model_risk.lob_units SET team_id = 901 WHERE lob_id = 910;
SELECT results_eq(
    'SELECT lob_id, team_id FROM model_risk.lob_ancestry WHERE lob_id IN (909, 910) ORDER BY lob_id',
    'VALUES (909, 901), (910, 901)', 'A circle of parents still finds its team'
);
UPDATE model_risk.lob_units SET level = 5 WHERE lob_id = 910;
SELECT is(
    business_line, 'Circle two', 'A circle of parents still finds its business line'
) FROM model_risk.lob_ancestry WHERE lob_id = 909;
UPDATE model_risk.lob_units SET parent_id = 908, team_id = NULL WHERE lob_id = 908;
SELECT is(
    (team_id, business_line::text), (NULL::integer, 'Alone'::text), 'A unit that is its own parent ends the walk'
) FROM model_risk.lob_ancestry WHERE lob_id = 908;
UPDATE model_risk.lob_units SET team_id = NULL WHERE lob_id = 903;
SELECT is(team_id, 901, 'Without its own team a unit asks further up') FROM model_risk.lob_ancestry WHERE lob_id = 906;
UPDATE model_risk.lob_units SET level = 5 WHERE lob_id = 901;
SELECT is(
    business_line, 'Scoring', 'Of two ancestors at level 5 the nearest counts'
) FROM model_risk.lob_ancestry WHERE lob_id = 906;
SELECT results_eq(
    'SELECT count(*), count(DISTINCT lob_id) FROM model_risk.lob_ancestry', 'SELECT count(*), count(*) FROM model_risk.lob_units',
    'There is one row a line of business'
);
SELECT * FROM finish();
ROLLBACK;
