-- model_risk.imports
-- What both imports of model risk may be told.
-- requires: load.family(), model_risk.open_import()
-- source:   docs/model_risk.md, "Imports"

SELECT load.family(
    'model_risk', 'Imports of model risk',
    parameters => '{"cycle": "Number of the monitoring cycle, for results", "user": "Number of the user who imports"}',
    open_function => 'model_risk.open_import'
);
