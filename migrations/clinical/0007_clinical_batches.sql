-- Numbers of the batches in which write functions record what they do.
-- depends: 0006_clinical_trackers

CREATE SEQUENCE clinical.batch_numbers AS bigint;

COMMENT ON SEQUENCE clinical.batch_numbers IS
'One number a call: its entries in audit.entries and its event bear it.';
