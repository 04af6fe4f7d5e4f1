-- load.dataset
-- What can be loaded, for people and for the command line.
-- grain:    one row per registered column of a dataset
-- requires: nothing
-- source:   docs/loading.md, "What can be loaded"

CREATE OR REPLACE VIEW load.dataset AS
SELECT
    dat.dataset_name,
    dat.family_name,
    dat.description,
    dat.kind_names,
    dat.max_bytes,
    (
        SELECT array_agg(par.parameter_name || ': ' || par.description ORDER BY par.parameter_name)
        FROM load.parameters AS par WHERE par.family_name = dat.family_name
    ) AS parameters,
    col.column_no,
    col.column_name,
    col.cell_type,
    col.header_names,
    col.fallback_names,
    col.required_group
FROM load.datasets AS dat
LEFT JOIN load.dataset_columns AS col ON dat.dataset_name = col.dataset_name;

COMMENT ON VIEW load.dataset IS
'One row per column, key (dataset_name, column_no); a dataset that takes any header has one row without column. required_group: not NULL when the header is required.';

GRANT SELECT ON load.dataset TO tidemark_loader, tidemark_operator;
