-- Identities and statistics: rows added from now on get numbers after the generated ones

CALL pg_temp.advance_identities();

ANALYZE clinical.reporting_effort_items, clinical.reporting_effort_item_tracker, clinical.tracker_comments, clinical.tracker_item_tags,
clinical.reporting_effort_tlf_details, clinical.text_elements, clinical.users, clinical.reporting_efforts;
