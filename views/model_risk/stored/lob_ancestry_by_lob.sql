-- model_risk.lob_ancestry_by_lob
-- Team and business line of every line of business, kept.
-- grain:    one row per line of business
-- requires: refresh.store(), refresh.affects(), model_risk.lob_ancestry
-- source:   docs/model_risk.md, "Whose model is it?"

SELECT refresh.store(
    'model_risk.lob_ancestry_by_lob',
    live => 'model_risk.lob_ancestry',
    key => '{lob_id}'
);

-- A unit passes its team and name down to everything below it.
SELECT refresh.affects('model_risk.lob_units', 'model_risk.lob_ancestry_by_lob', $$
    WITH RECURSIVE below AS (
        SELECT changed.lob_id FROM changed
        UNION
        SELECT child.lob_id
        FROM below
        INNER JOIN lob_units AS child ON below.lob_id = child.parent_id
    )

    SELECT below.lob_id FROM below
$$);

COMMENT ON VIEW model_risk.lob_ancestry_by_lob IS
'Team and business line per line of business. Same columns and rows as model_risk.lob_ancestry.';

GRANT SELECT ON model_risk.lob_ancestry_by_lob, model_risk.lob_ancestry_by_lob_as_of TO tidemark_app, tidemark_operator;
