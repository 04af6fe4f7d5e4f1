-- Figures that rules take from a table and not from their text.
-- depends: 0008_planning_import_codes

CREATE TABLE planning.settings (
    is_only boolean DEFAULT TRUE CONSTRAINT settings_pkey PRIMARY KEY,
    default_rate numeric(15, 2) NOT NULL,
    CONSTRAINT settings_has_one_row_check CHECK (is_only),
    CONSTRAINT settings_default_rate_positive_check CHECK (default_rate > 0)
);

COMMENT ON TABLE planning.settings IS
'One row.';
COMMENT ON COLUMN planning.settings.is_only IS 'Always true: there is one row.';
COMMENT ON COLUMN planning.settings.default_rate IS 'Daily rate of planned work on days for which the kind of worker has none.';

INSERT INTO planning.settings (default_rate) VALUES (1000.00);
