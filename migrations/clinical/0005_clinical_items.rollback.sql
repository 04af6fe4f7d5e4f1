-- Undo 0005_clinical_items.

DROP TABLE clinical.reporting_effort_item_acronyms;
DROP TABLE clinical.reporting_effort_item_footnotes;
DROP TABLE clinical.reporting_effort_dataset_details;
DROP TABLE clinical.reporting_effort_tlf_details;
DROP TABLE clinical.reporting_effort_items;
