-- Undo 0006_clinical_trackers.

DROP TABLE clinical.tracker_item_tags;
DROP TABLE clinical.tracker_tags;
DROP TABLE clinical.tracker_comments;
DROP TABLE clinical.reporting_effort_item_tracker;
