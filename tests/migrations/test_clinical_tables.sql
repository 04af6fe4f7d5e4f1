-- Migrations of clinical: every check, key and foreign key refuses the row it is there for.
BEGIN;
SELECT plan(114);

CREATE FUNCTION pg_temp.violated(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_constraint text;
BEGIN
    EXECUTE p_statement;
    RETURN 'accepted';
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
    RETURN SQLSTATE || ' ' || v_constraint;
END;
$$;

INSERT INTO clinical.users (id, username, email, role) VALUES (1, 'ann', 'ann@x.example', 'ADMIN'), (2, 'bob', NULL, 'EDITOR');
INSERT INTO clinical.studies (id, study_label) VALUES (1, 'ABC 001'), (2, 'XYZ');
INSERT INTO clinical.database_releases (id, study_id, database_release_label) VALUES (1, 1, 'Interim 1'), (2, 2, 'Interim 1');
INSERT INTO clinical.reporting_efforts (id, study_id, database_release_id, reporting_effort_label) VALUES (1, 1, 1, 'CSR'), (2, 2, 2, 'CSR');
INSERT INTO clinical.text_elements (id, type, label) VALUES
(1, 'title', 'A title'), (2, 'footnote', 'A title'), (3, 'population_set', 'All'), (4, 'acronyms_set', 'AE'), (5, 'ich_category', 'E3');
INSERT INTO clinical.packages (id, package_name) VALUES (1, 'Core');
INSERT INTO clinical.package_items (id, package_id, item_type, item_subtype, item_code) VALUES (1, 1, 'TLF', 'Table', 't1'), (2, 1, 'Dataset', 'SDTM', 'AE');
INSERT INTO clinical.package_tlf_details (package_item_id, title_id) VALUES (1, 1);
INSERT INTO clinical.package_dataset_details (package_item_id) VALUES (2);
INSERT INTO clinical.package_item_footnotes VALUES (1, 2, 1);
INSERT INTO clinical.package_item_acronyms VALUES (1, 4);
INSERT INTO clinical.reporting_effort_items (id, reporting_effort_id, item_type, item_subtype, item_code, is_active) VALUES
(1, 1, 'TLF', 'Table', 't1', TRUE), (2, 1, 'Dataset', 'SDTM', 'AE', FALSE), (3, 2, 'TLF', 'Table', 't1', TRUE), (4, 1, 'TLF', 'Figure', 't1', TRUE);
INSERT INTO clinical.reporting_effort_tlf_details (reporting_effort_item_id, title_id, population_flag_id, ich_category_id) VALUES (1, 1, 3, 5);
INSERT INTO clinical.reporting_effort_dataset_details (reporting_effort_item_id) VALUES (2);
INSERT INTO clinical.reporting_effort_item_footnotes VALUES (1, 2, NULL);
INSERT INTO clinical.reporting_effort_item_acronyms VALUES (1, 4);
INSERT INTO clinical.reporting_effort_item_tracker (id, reporting_effort_item_id, reporting_effort_id, production_programmer_id, qc_programmer_id) VALUES
(1, 1, 1, 1, 2), (2, 3, 2, 2, 1);
INSERT INTO clinical.tracker_comments (id, tracker_id, user_id, comment_text) VALUES (1, 1, 1, 'open'), (2, 2, 1, 'elsewhere');
INSERT INTO clinical.tracker_tags (id, name) VALUES (1, 'Topline'), (2, 'topline');
INSERT INTO clinical.tracker_item_tags (id, tracker_id, tag_id) VALUES (1, 1, 1);
-- ids given above are not drawn again
DO $$ BEGIN
PERFORM setval(pg_get_serial_sequence('clinical.' || name, 'id'), 100) FROM unnest(ARRAY[
    'users', 'studies', 'database_releases', 'reporting_efforts', 'text_elements', 'packages', 'package_items', 'package_tlf_details',
    'package_dataset_details', 'reporting_effort_items', 'reporting_effort_tlf_details', 'reporting_effort_dataset_details',
    'reporting_effort_item_tracker', 'tracker_comments', 'tracker_tags', 'tracker_item_tags'
]) AS own (name);
END $$;

SELECT is(pg_temp.violated($$INSERT INTO clinical.users (id, username) VALUES (1, 'new')$$), '23505 users_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.users (username) VALUES ('ann')$$), '23505 users_username_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.users (username, email) VALUES ('new', 'ann@x.example')$$), '23505 users_email_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.users (username) VALUES ('')$$), '23514 users_username_not_empty_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.users (username, role) VALUES ('new', 'admin')$$), '23514 users_role_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.users (username, department) VALUES ('new', 'Programming')$$), '23514 users_department_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.users (username, auth_provider) VALUES ('new', 'ldap')$$), '23514 users_auth_provider_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.role_permissions VALUES ('ADMIN', 'core.read')$$), '23505 role_permissions_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.role_permissions VALUES ('LEAD', 'core.read')$$), '23514 role_permissions_role_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.studies (id, study_label) VALUES (1, 'new')$$), '23505 studies_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.studies (study_label) VALUES ('abc001')$$), '23505 studies_study_label_idx');
SELECT is(pg_temp.violated($$INSERT INTO clinical.studies (study_label) VALUES (repeat('a', 256))$$), '23514 studies_label_length_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.database_releases (id, study_id, database_release_label) VALUES (1, 1, 'new')$$), '23505 database_releases_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.database_releases (study_id, database_release_label) VALUES (9, 'new')$$), '23503 database_releases_study_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.database_releases (study_id, database_release_label) VALUES (1, 'INTERIM1')$$), '23505 database_releases_study_id_label_idx');
SELECT is(pg_temp.violated($$INSERT INTO clinical.database_releases (study_id, database_release_label) VALUES (1, '')$$), '23514 database_releases_label_length_check');
SELECT matches(pg_temp.violated($$DELETE FROM clinical.studies WHERE id = 1$$), '^(23001|23503) database_releases_study_id_fkey$');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_efforts (id, study_id, database_release_id, reporting_effort_label) VALUES (1, 1, 1, 'new')$$), '23505 reporting_efforts_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_efforts (study_id, database_release_id, reporting_effort_label) VALUES (1, 2, 'new')$$), '23503 reporting_efforts_database_release_id_study_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_efforts (study_id, database_release_id, reporting_effort_label) VALUES (1, 1, 'c s r')$$), '23505 reporting_efforts_database_release_id_label_idx');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_efforts (study_id, database_release_id, reporting_effort_label) VALUES (1, 1, '')$$), '23514 reporting_efforts_label_length_check');
SELECT is(pg_temp.violated($$UPDATE clinical.reporting_efforts SET study_id = 2, database_release_id = 2 WHERE id = 1$$), '23514 reporting_efforts_before_update_keep_place');
SELECT matches(pg_temp.violated($$DELETE FROM clinical.database_releases WHERE id = 1$$), '^(23001|23503) reporting_efforts_database_release_id_study_id_fkey$');
SELECT is(pg_temp.violated($$INSERT INTO clinical.text_elements (id, type, label) VALUES (1, 'title', 'new')$$), '23505 text_elements_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.text_elements (type, label) VALUES ('title', 'a  TITLE')$$), '23505 text_elements_type_label_idx');
SELECT is(pg_temp.violated($$INSERT INTO clinical.text_elements (type, label) VALUES ('heading', 'new')$$), '23514 text_elements_type_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.text_elements (type, label) VALUES ('title', '')$$), '23514 text_elements_label_not_empty_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.packages (id, package_name) VALUES (1, 'new')$$), '23505 packages_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.packages (package_name) VALUES ('Core')$$), '23505 packages_package_name_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.packages (package_name) VALUES ('')$$), '23514 packages_name_length_check');
SELECT matches(pg_temp.violated($$DELETE FROM clinical.packages WHERE id = 1$$), '^(23001|23503) package_items_package_id_fkey$');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_items (id, package_id, item_type, item_subtype, item_code) VALUES (1, 1, 'TLF', 'Table', 'new')$$), '23505 package_items_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_items (package_id, item_type, item_subtype, item_code) VALUES (1, 'TLF', 'Table', 't1')$$), '23505 package_items_package_id_item_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_items (package_id, item_type, item_subtype, item_code) VALUES (1, 'TLF', 'SDTM', 'new')$$), '23514 package_items_subtype_fits_type_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_items (package_id, item_type, item_subtype, item_code) VALUES (1, 'TLF', 'Table', repeat('a', 256))$$), '23514 package_items_code_length_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_items (package_id, item_type, item_subtype, item_code) VALUES (1, 'TLF', 'Table', E' \t')$$), '23514 package_items_code_not_blank_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_items (package_id, item_type, item_subtype, item_code) VALUES (9, 'TLF', 'Table', 'new')$$), '23503 package_items_package_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_items (id, reporting_effort_id, item_type, item_subtype, item_code) VALUES (1, 1, 'TLF', 'Table', 'new')$$), '23505 effort_items_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_items (reporting_effort_id, item_type, item_subtype, item_code) VALUES (1, 'Dataset', 'SDTM', 'AE')$$), '23505 effort_items_reporting_effort_id_item_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_items (reporting_effort_id, item_type, item_subtype, item_code) VALUES (1, 'TLF', 'SDTM', 'new')$$), '23514 effort_items_subtype_fits_type_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_items (reporting_effort_id, item_type, item_subtype, item_code) VALUES (1, 'TLF', 'Table', repeat('a', 256))$$), '23514 effort_items_code_length_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_items (reporting_effort_id, item_type, item_subtype, item_code) VALUES (1, 'TLF', 'Table', E' \t')$$), '23514 effort_items_code_not_blank_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_items (reporting_effort_id, item_type, item_subtype, item_code) VALUES (9, 'TLF', 'Table', 'new')$$), '23503 effort_items_reporting_effort_id_fkey');
SELECT matches(pg_temp.violated($$DELETE FROM clinical.reporting_efforts WHERE id = 1$$), '^(23001|23503) effort_items_reporting_effort_id_fkey$');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_items (reporting_effort_id, item_type, item_subtype, item_code, source_type) VALUES (1, 'TLF', 'Table', 'new', 'file')$$), '23514 effort_items_source_type_is_known_check');
SELECT is(pg_temp.violated($$UPDATE clinical.reporting_effort_items SET reporting_effort_id = 2 WHERE id = 4$$), '23514 reporting_effort_items_before_update_keep_place');
SELECT is(pg_temp.violated($$UPDATE clinical.reporting_effort_items SET item_type = 'Dataset', item_subtype = 'SDTM' WHERE id = 4$$), '23514 reporting_effort_items_before_update_keep_place');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_tlf_details (package_item_id) VALUES (2)$$), '23503 package_tlf_details_item_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_tlf_details (package_item_id) VALUES (1)$$), '23505 package_tlf_details_item_key');
SELECT is(pg_temp.violated($$UPDATE clinical.package_tlf_details SET title_id = 2$$), '23503 package_tlf_details_title_id_fkey');
SELECT is(pg_temp.violated($$UPDATE clinical.package_tlf_details SET population_flag_id = 1$$), '23503 package_tlf_details_population_flag_id_fkey');
SELECT is(pg_temp.violated($$UPDATE clinical.package_tlf_details SET ich_category_id = 1$$), '23503 package_tlf_details_ich_category_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_dataset_details (package_item_id) VALUES (1)$$), '23503 package_dataset_details_item_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_dataset_details (package_item_id) VALUES (2)$$), '23505 package_dataset_details_item_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_item_footnotes VALUES (1, 2, 3)$$), '23505 package_item_footnotes_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_item_footnotes VALUES (1, 1, 3)$$), '23503 package_item_footnotes_footnote_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_item_footnotes VALUES (9, 2, 3)$$), '23503 package_item_footnotes_item_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_item_acronyms VALUES (1, 4)$$), '23505 package_item_acronyms_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_item_acronyms VALUES (1, 1)$$), '23503 package_item_acronyms_acronym_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.package_item_acronyms VALUES (9, 4)$$), '23503 package_item_acronyms_item_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_tlf_details (reporting_effort_item_id) VALUES (2)$$), '23503 effort_tlf_details_item_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_tlf_details (reporting_effort_item_id) VALUES (1)$$), '23505 effort_tlf_details_item_key');
SELECT is(pg_temp.violated($$UPDATE clinical.reporting_effort_tlf_details SET title_id = 2$$), '23503 effort_tlf_details_title_id_fkey');
SELECT is(pg_temp.violated($$UPDATE clinical.reporting_effort_tlf_details SET population_flag_id = 1$$), '23503 effort_tlf_details_population_flag_id_fkey');
SELECT is(pg_temp.violated($$UPDATE clinical.reporting_effort_tlf_details SET ich_category_id = 1$$), '23503 effort_tlf_details_ich_category_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_dataset_details (reporting_effort_item_id) VALUES (1)$$), '23503 effort_dataset_details_item_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_dataset_details (reporting_effort_item_id) VALUES (2)$$), '23505 effort_dataset_details_item_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_footnotes VALUES (1, 2, 3)$$), '23505 effort_item_footnotes_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_footnotes VALUES (1, 1, 3)$$), '23503 effort_item_footnotes_footnote_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_footnotes VALUES (9, 2, 3)$$), '23503 effort_item_footnotes_item_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_acronyms VALUES (1, 4)$$), '23505 effort_item_acronyms_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_acronyms VALUES (1, 1)$$), '23503 effort_item_acronyms_acronym_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_acronyms VALUES (9, 4)$$), '23503 effort_item_acronyms_item_fkey');
SELECT matches(pg_temp.violated($$DELETE FROM clinical.text_elements WHERE id = 5$$), '^(23001|23503) effort_tlf_details_ich_category_id_fkey$');
SELECT is(pg_temp.violated($$UPDATE clinical.text_elements SET type = 'footnote', label = 'new' WHERE id = 1$$), '23503 package_tlf_details_title_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (id, reporting_effort_item_id, reporting_effort_id) VALUES (1, 4, 1)$$), '23505 tracker_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (reporting_effort_item_id, reporting_effort_id) VALUES (1, 1)$$), '23505 tracker_reporting_effort_item_id_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (reporting_effort_item_id, reporting_effort_id) VALUES (4, 2)$$), '23503 tracker_reporting_effort_item_id_reporting_effort_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (reporting_effort_item_id, reporting_effort_id, production_programmer_id) VALUES (4, 1, 9)$$), '23503 tracker_production_programmer_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (reporting_effort_item_id, reporting_effort_id, qc_programmer_id) VALUES (4, 1, 9)$$), '23503 tracker_qc_programmer_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (reporting_effort_item_id, reporting_effort_id, production_status) VALUES (4, 1, 'failed')$$), '23514 tracker_production_status_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (reporting_effort_item_id, reporting_effort_id, qc_status) VALUES (4, 1, 'on_hold')$$), '23514 tracker_qc_status_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (reporting_effort_item_id, reporting_effort_id, priority) VALUES (4, 1, 'urgent')$$), '23514 tracker_priority_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (reporting_effort_item_id, reporting_effort_id, qc_level) VALUES (4, 1, 'level4')$$), '23514 tracker_qc_level_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.reporting_effort_item_tracker (reporting_effort_item_id, reporting_effort_id, unresolved_comment_count) VALUES (4, 1, -1)$$), '23514 tracker_unresolved_comment_count_not_negative_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_comments (id, tracker_id, user_id, comment_text) VALUES (1, 1, 1, 'new')$$), '23505 tracker_comments_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text) VALUES (9, 1, 'new')$$), '23503 tracker_comments_tracker_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text) VALUES (1, 9, 'new')$$), '23503 tracker_comments_user_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text, parent_comment_id) VALUES (1, 1, 'new', 2)$$), '23503 tracker_comments_parent_comment_id_tracker_id_fkey');
SELECT is(pg_temp.violated($$UPDATE clinical.tracker_comments SET is_resolved = TRUE, resolved_at = now(), resolved_by_user_id = 9 WHERE id = 1$$), '23503 tracker_comments_resolved_by_user_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text) VALUES (1, 1, E' \n')$$), '23514 tracker_comments_text_not_blank_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text, comment_type) VALUES (1, 1, 'new', 'general')$$), '23514 tracker_comments_type_is_known_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text, parent_comment_id, is_resolved, resolved_at) VALUES (1, 1, 'new', 1, TRUE, now())$$), '23514 tracker_comments_reply_is_not_resolved_check');
SELECT is(pg_temp.violated($$UPDATE clinical.tracker_comments SET parent_comment_id = 1 WHERE id = 1$$), '23514 tracker_comments_not_its_own_parent_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text, is_resolved) VALUES (1, 1, 'new', TRUE)$$), '23514 tracker_comments_resolution_is_told_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text, resolved_at) VALUES (1, 1, 'new', now())$$), '23514 tracker_comments_resolution_is_told_check');
SELECT matches(pg_temp.violated($$DELETE FROM clinical.users WHERE id = 1$$), '^(23001|23503) tracker_comments_user_id_fkey$');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_tags (id, name) VALUES (1, 'new')$$), '23505 tracker_tags_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_tags (name) VALUES ('Topline')$$), '23505 tracker_tags_name_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_tags (name) VALUES ('')$$), '23514 tracker_tags_name_length_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_tags (name, color) VALUES ('new', '#12345')$$), '23514 tracker_tags_color_is_hexadecimal_check');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_item_tags (id, tracker_id, tag_id) VALUES (1, 2, 1)$$), '23505 tracker_item_tags_pkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_item_tags (tracker_id, tag_id) VALUES (1, 1)$$), '23505 tracker_item_tags_tracker_id_tag_id_key');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_item_tags (tracker_id, tag_id) VALUES (9, 1)$$), '23503 tracker_item_tags_tracker_id_fkey');
SELECT is(pg_temp.violated($$INSERT INTO clinical.tracker_item_tags (tracker_id, tag_id) VALUES (1, 9)$$), '23503 tracker_item_tags_tag_id_fkey');

-- what foreign keys do instead of refusing
DELETE FROM clinical.users WHERE id = 2;
SELECT results_eq(
    'SELECT id, production_programmer_id, qc_programmer_id FROM clinical.reporting_effort_item_tracker ORDER BY id', 'VALUES (1, 1, NULL::integer), (2, NULL, 1)'
);
DELETE FROM clinical.reporting_effort_items WHERE id = 1;
SELECT is_empty('SELECT FROM clinical.tracker_comments WHERE tracker_id = 1');
SELECT is_empty('SELECT FROM clinical.tracker_item_tags');
SELECT is_empty('SELECT FROM clinical.reporting_effort_tlf_details');
SELECT is_empty('SELECT FROM clinical.reporting_effort_item_footnotes');
SELECT is_empty('SELECT FROM clinical.reporting_effort_item_acronyms');
DELETE FROM clinical.package_items;
SELECT is_empty('SELECT FROM clinical.package_tlf_details');
SELECT is_empty('SELECT FROM clinical.package_dataset_details');
SELECT results_eq(
    $$SELECT priority, (ARRAY['critical', 'high', 'medium', 'low'])[tracker.priority_rank] FROM clinical.reporting_effort_item_tracker AS tracker$$,
    $$VALUES ('medium', 'medium')$$
);

SELECT * FROM finish();
ROLLBACK;
