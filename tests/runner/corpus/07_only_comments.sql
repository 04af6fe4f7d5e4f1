-- A file without any statement; it is applied all the same.
/* nothing; to do */
