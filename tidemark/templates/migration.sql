-- Say here in one sentence why this change is needed.
-- depends: {{depends}}

-- One idea a file: tables, types, indexes, rows. Functions, views and triggers are files of their own.
