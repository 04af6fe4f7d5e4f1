-- The codes go; the files that name them go too.

DROP TABLE planning.import_codes;
