-- model_risk.monitoring_results_file
-- Results of a monitoring cycle, one record a model and metric.
-- requires: load.dataset(), load.file_column(), model_risk.imports
-- requires: model_risk.check_monitoring_results(), model_risk.merge_monitoring_results()
-- source:   docs/model_risk.md, "Importing monitoring results"

SELECT load.dataset(
    'model_risk.monitoring_results', 'model_risk', 'Monitoring results of one cycle',
    merge_function => 'model_risk.merge_monitoring_results',
    check_function => 'model_risk.check_monitoring_results',
    kind_names => '{monitoring_results}',
    lock_parameters => '{cycle}',
    max_bytes => 5242880,
    max_record_bytes => 5242880,
    header_match => 'exact',
    encoding => 'strict',
    skipped_records => 'empty',
    surplus_cells => 'ignore',
    keeps_cells => TRUE,
    needs_rows => FALSE
);
SELECT load.file_column('model_risk.monitoring_results', 'model_id', 'raw', '{model_id}');
SELECT load.file_column('model_risk.monitoring_results', 'metric_id', 'raw', '{metric_id}');
SELECT load.file_column('model_risk.monitoring_results', 'value', 'raw', '{value}');
SELECT load.file_column('model_risk.monitoring_results', 'outcome', 'raw', '{outcome}');
SELECT load.file_column('model_risk.monitoring_results', 'narrative', 'raw', '{narrative}');
