-- model_risk.visible_model, visible_deployment: a region opens its own links, a team its models wherever they are used.
BEGIN;
SELECT plan(10);

INSERT INTO model_risk.teams (team_id, name, is_active) VALUES (901, 'One', true), (902, 'Two', true);
INSERT INTO model_risk.lob_units (lob_id, team_id, code, name, level, org_unit) VALUES
(901, 901, 'A', 'Bank', 0, '00001'), (902, 902, 'B', 'Shop', 0, '00002'), (903, NULL, 'C', 'Club', 0, '00003');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES
(901, 'a@bank', 'A', 'USER', 901), (902, 'b@bank', 'B', 'USER', 902), (903, 'c@bank', 'C', 'USER', 903), (904, 'd@bank', 'D', 'USER', 901),
(906, 'f@bank', 'F', 'USER', 903);
INSERT INTO model_risk.regions (region_id, code, name) VALUES (901, 'R1', 'North'), (902, 'R2', 'South');
INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at) VALUES
(901, 'M', 'In-House', 901, 'Active', '2020-01-01'), (902, 'M', 'In-House', 902, 'Active', '2020-01-01'),
(903, 'M', 'In-House', 903, 'Active', '2020-01-01'), (904, 'M', 'In-House', 901, 'Active', '2020-01-01'),
(907, 'M', 'In-House', 903, 'Active', '2020-01-01');
INSERT INTO model_risk.model_regions (model_id, region_id) VALUES (901, 901), (901, 902), (902, 901), (903, 902);
DO $$ BEGIN PERFORM refresh.run('model_risk.lob_ancestry_by_lob'); END $$;
-- a unit that no refresh has seen yet: its models are of no team, not lost
INSERT INTO model_risk.lob_units (lob_id, team_id, code, name, level, org_unit) VALUES (905, 902, 'E', 'New', 0, '00005');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES (905, 'e@bank', 'E', 'USER', 905);
INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at) VALUES
(905, 'M', 'In-House', 905, 'Active', '2020-01-01');
INSERT INTO model_risk.model_regions (model_id, region_id) VALUES (905, 901);

CREATE ROLE visible_reader;
GRANT tidemark_bi TO visible_reader;
GRANT USAGE ON SCHEMA model_risk TO visible_reader;
GRANT SELECT ON model_risk.visible_model, model_risk.visible_deployment TO visible_reader;
-- what the reader sees with one grant
CREATE FUNCTION pg_temp.seen(kind text, granted text, OUT models text, OUT links text) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM access.grants WHERE login = 'visible_reader';
    IF kind IS NOT NULL THEN
        PERFORM access.grant_scope('visible_reader', 'model_risk', kind, ARRAY[granted]);
    END IF;
    PERFORM set_config('role', 'visible_reader', true);
    SELECT string_agg(coalesce(vis.model_id::text, 'nothing'), ' ' ORDER BY vis.model_id) INTO models FROM model_risk.visible_model AS vis;
    SELECT string_agg(format('%s/%s', vis.model_id, vis.region_id), ' ' ORDER BY vis.model_id, vis.region_id) INTO links
    FROM model_risk.visible_deployment AS vis;
    PERFORM set_config('role', 'none', true);
END
$$;

SELECT is(models, expected, claim || ': models') FROM (VALUES
    ('No grant', NULL, NULL, NULL),
    ('A region', 'region', '901', '901 902 905'),
    ('A team', 'team', '901', '901 904'),
    ('Models of no team', 'team', '0', '903 905 907'),
    ('All', 'all', '*', '901 902 903 904 905 907')
) AS given (claim, kind, granted, expected)
CROSS JOIN LATERAL pg_temp.seen(given.kind, given.granted);
SELECT is(links, expected, claim || ': links') FROM (VALUES
    ('No grant', NULL, NULL, NULL),
    ('A region', 'region', '901', '901/901 902/901 905/901'),
    ('A team', 'team', '901', '901/901 901/902'),
    ('Models of no team', 'team', '0', '903/902 905/901'),
    ('All', 'all', '*', '901/901 901/902 902/901 903/902 905/901')
) AS given (claim, kind, granted, expected)
CROSS JOIN LATERAL pg_temp.seen(given.kind, given.granted);

SELECT * FROM finish();
ROLLBACK;
