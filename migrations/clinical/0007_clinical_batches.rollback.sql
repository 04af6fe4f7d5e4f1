-- Undo 0007_clinical_batches.

DROP SEQUENCE clinical.batch_numbers;
