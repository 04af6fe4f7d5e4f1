-- regional_compliance_report() and its header: filters and order.
BEGIN;
SELECT plan(27);
SET LOCAL tidemark.as_of = '2025-06-30';
SET LOCAL tidemark.source = 'live';

INSERT INTO model_risk.teams (team_id, name) VALUES (901, 'Markets'), (902, 'Retail');
INSERT INTO model_risk.lob_units (lob_id, parent_id, team_id, code, name, level, org_unit) VALUES
(901, NULL, 901, 'A', 'A', 0, '00901'), (902, 901, NULL, 'B', 'B', 1, '00902'), (903, NULL, NULL, 'C', 'C', 0, '00903');
INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id) VALUES
(901, 'a@bank', 'A', 'USER', 901), (902, 'b@bank', 'B', 'USER', 902), (903, 'c@bank', 'C', 'USER', 903);
-- columns these tests do not care about
ALTER TABLE model_risk.models
ALTER model_name SET DEFAULT 'Model', ALTER development_type SET DEFAULT 'In-House', ALTER owner_id SET DEFAULT 901,
ALTER status SET DEFAULT 'Active', ALTER created_at SET DEFAULT '2020-01-01 12:00+00';
ALTER TABLE model_risk.validation_requests
ALTER validation_type SET DEFAULT 'COMPREHENSIVE', ALTER current_status SET DEFAULT 'APPROVED',
ALTER priority SET DEFAULT 'STANDARD', ALTER request_date SET DEFAULT '2020-01-01',
ALTER target_completion_date SET DEFAULT '2020-06-30', ALTER created_at SET DEFAULT '2020-01-01 12:00+00',
ALTER updated_at SET DEFAULT '2020-01-01 12:00+00';
INSERT INTO model_risk.regions (region_id, code, name) VALUES (901, 'US', 'States'), (902, 'EU', 'Europe');
INSERT INTO model_risk.models (model_id, model_name, owner_id, status) VALUES
(901, 'beta', 901, 'Active'), (902, 'Alpha', 902, 'Retired'), (903, 'Alpha', 903, 'In Development');
INSERT INTO model_risk.model_versions (version_id, model_id, version_number, change_type, scope, status, created_at)
SELECT id, id, '1.0', 'MAJOR', 'GLOBAL', 'ACTIVE', '2024-01-01' FROM generate_series(901, 903) AS id;
INSERT INTO model_risk.model_regions (model_id, region_id, version_id) VALUES
(901, 901, 901), (902, 901, 902), (903, 901, 903), (901, 902, NULL), (903, 902, 903);

CREATE FUNCTION pg_temp.listed(
    p_region_code text DEFAULT NULL, p_model_id integer DEFAULT NULL, p_team_id integer DEFAULT NULL,
    p_only_deployed boolean DEFAULT true
) RETURNS text LANGUAGE sql AS $$
SELECT coalesce(string_agg(rep.region_code || rep.model_id, ' ' ORDER BY rep.row_no), 'none')
FROM model_risk.regional_compliance_report(p_region_code, p_model_id, p_team_id, p_only_deployed)
WITH ORDINALITY AS rep (
    region_code, region_name, requires_regional_approval, model_id, model_name, deployed_version, deployment_date,
    deployment_notes, validation_request_id, validation_status, validation_status_code, validation_completion_date,
    has_regional_approval, regional_approver_name, regional_approver_role, regional_approval_status,
    regional_approval_date, is_deployed_without_validation, is_validation_pending, is_validation_approved, row_no
)
$$;

SELECT is(pg_temp.listed(), 'EU903 US902 US903 US901', 'Rows are ordered by region, name with capitals first, and number');
SELECT is(
    pg_temp.listed(p_only_deployed => false), 'EU903 EU901 US902 US903 US901', 'Links without a version are shown when asked for'
);
SELECT is(pg_temp.listed(p_only_deployed => NULL), 'EU903 US902 US903 US901', 'Not said is only deployed');
SELECT is(pg_temp.listed('EU'), 'EU903', 'A region narrows');
SELECT is(pg_temp.listed('eu'), 'EU903', 'A region may be written in small letters');
SELECT is(pg_temp.listed(''), 'EU903 US902 US903 US901', 'An empty region is all regions');
SELECT is(pg_temp.listed('XX'), 'none', 'An unknown region has no rows and is no error');
SELECT is(pg_temp.listed(' EU'), 'none', 'A region is not trimmed');
SELECT is(pg_temp.listed(p_model_id => 903), 'EU903 US903', 'A model narrows');
SELECT is(pg_temp.listed(p_model_id => 0), 'EU903 US902 US903 US901', 'Model 0 is all models');
SELECT is(pg_temp.listed(p_model_id => 999999), 'none', 'An unknown model has no rows and is no error');
SELECT is(pg_temp.listed(p_team_id => 901), 'US902 US901', 'A team has the models of its line and of those below');
SELECT is(pg_temp.listed(p_team_id => 0), 'EU903 US903', 'Team 0 has the models of lines without a team');
SELECT is(pg_temp.listed(p_team_id => 902), 'none', 'A team without models has no rows');
SELECT is(pg_temp.listed(p_team_id => 999999), 'none', 'An unknown team has no rows and is no error');
SELECT is(pg_temp.listed('us', 903, 0), 'US903', 'Filters narrow together');
SELECT is(pg_temp.listed('us', 903, 901), 'none', 'Filters that exclude each other leave nothing');

PREPARE header AS SELECT region_filter, team_filter, total_records FROM model_risk.regional_compliance_header();
SELECT results_eq('header', 'VALUES (NULL::text, NULL::text, 4::bigint)', 'Without filters the header names none');
SELECT results_eq(
    $$SELECT region_filter, team_filter, total_records FROM model_risk.regional_compliance_header('eu', NULL, 0)$$,
    $$VALUES ('eu', 'Unassigned', 1::bigint)$$, 'The region is shown as given, team 0 as Unassigned'
);
SELECT results_eq(
    $$SELECT region_filter, team_filter, total_records FROM model_risk.regional_compliance_header('', NULL, 901)$$,
    $$VALUES ('', 'Markets', 2::bigint)$$, 'A team is shown by name'
);
SELECT results_eq(
    $$SELECT region_filter, team_filter, total_records FROM model_risk.regional_compliance_header(NULL, NULL, 999999)$$,
    $$VALUES (NULL, 'Team 999999', 0::bigint)$$, 'An unknown team is shown by number'
);
SELECT is(total_records, 5::bigint, 'The header counts what the report shows')
FROM model_risk.regional_compliance_header(NULL, NULL, NULL, false);
SELECT is(generated_at, '2025-06-30 00:00+00'::timestamptz, 'The report bears the clock of the business day')
FROM model_risk.regional_compliance_header();

SELECT is_empty(
    $$SELECT rep.model_id FROM model_risk.regional_compliance_report(NULL, NULL, NULL, false) AS rep
    INNER JOIN model_risk.regional_compliance AS com USING (model_id, region_code)
    WHERE (rep.model_name, rep.deployed_version, rep.has_regional_approval, rep.is_deployed_without_validation)
        IS DISTINCT FROM (com.model_name::text, com.deployed_version::text, com.has_regional_approval, com.is_deployed_without_validation)$$,
    'A row of the report is a row of the view'
);
UPDATE model_risk.teams SET is_active = false;
SELECT is(pg_temp.listed(p_team_id => 901), 'US902 US901', 'An inactive team keeps its models');
UPDATE model_risk.users SET lob_id = 903 WHERE user_id = 902;
SELECT is(pg_temp.listed(p_team_id => 901), 'US901', 'A model follows the line of its owner');
SELECT is(
    (SELECT count(*) FROM model_risk.regional_compliance_report(NULL, NULL, NULL, false)),
    (SELECT count(*) FROM model_risk.model_regions), 'No link is lost or doubled'
);
SELECT * FROM finish();
ROLLBACK;
