-- Undo 0012_commerce_uploads.

DROP TABLE commerce.csv_uploads;
DROP SCHEMA commerce;
