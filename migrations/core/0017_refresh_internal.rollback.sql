-- Back to one schema; the files of that release bring its functions.

DROP TABLE refresh_internal.chores;
DROP SCHEMA refresh_internal;
