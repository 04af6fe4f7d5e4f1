-- clinical.tracked_tables
-- What is written directly is recorded too, so that nothing escapes the log of changes.
-- requires: audit.track()
-- source:   docs/clinical_writes.md, "What is recorded"

SELECT audit.track('clinical.users', p_hidden => '{email}');
SELECT audit.track('clinical.role_permissions');
SELECT audit.track('clinical.studies');
SELECT audit.track('clinical.database_releases');
SELECT audit.track('clinical.reporting_efforts');
SELECT audit.track('clinical.text_elements');
SELECT audit.track('clinical.packages');
SELECT audit.track('clinical.package_items');
SELECT audit.track('clinical.package_tlf_details');
SELECT audit.track('clinical.package_dataset_details');
SELECT audit.track('clinical.package_item_footnotes');
SELECT audit.track('clinical.package_item_acronyms');
SELECT audit.track('clinical.reporting_effort_items');
SELECT audit.track('clinical.reporting_effort_tlf_details');
SELECT audit.track('clinical.reporting_effort_dataset_details');
SELECT audit.track('clinical.reporting_effort_item_footnotes');
SELECT audit.track('clinical.reporting_effort_item_acronyms');
SELECT audit.track('clinical.reporting_effort_item_tracker');
SELECT audit.track('clinical.tracker_comments');
SELECT audit.track('clinical.tracker_tags');
SELECT audit.track('clinical.tracker_item_tags');
