-- Undo 0004_clinical_packages.

DROP TABLE clinical.package_item_acronyms;
DROP TABLE clinical.package_item_footnotes;
DROP TABLE clinical.package_dataset_details;
DROP TABLE clinical.package_tlf_details;
DROP TABLE clinical.package_items;
DROP TABLE clinical.packages;
