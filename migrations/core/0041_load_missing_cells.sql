-- A kind of file may say that records too short for the columns it reads are wrong.
-- depends: 0040_ops_partitions

SET LOCAL lock_timeout = '5s';

ALTER TABLE load.datasets ADD COLUMN missing_cells text NOT NULL DEFAULT 'fill'
CONSTRAINT datasets_missing_cells_is_known_check CHECK (missing_cells IN ('fill', 'reject'));

COMMENT ON COLUMN load.datasets.missing_cells IS
'A record shorter than the header: fill: its missing cells are blank; reject: it is rejected, too_few_fields, if a column that the dataset reads is among them.';
