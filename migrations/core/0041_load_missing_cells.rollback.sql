-- Short records are filled up again, of every kind of file.

ALTER TABLE load.datasets DROP COLUMN missing_cells;
