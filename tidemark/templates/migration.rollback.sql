-- Undo {{file}}.

-- Takes back what the file beside it makes, the last first.
