-- What can be wrong with a row of an import, in the order in which it is told.
-- depends: 0007_planning_access_answers

CREATE TABLE planning.import_codes (
    code text CONSTRAINT import_codes_pkey PRIMARY KEY,
    position integer NOT NULL CONSTRAINT import_codes_position_key UNIQUE,
    column_name text NOT NULL,
    message text NOT NULL
);

COMMENT ON TABLE planning.import_codes IS
'Codes of rows of imported files. position: the order of the checks; column_name: the column of the file that is meant, empty: the row.';

INSERT INTO planning.import_codes (position, code, column_name, message) VALUES
(1, 'PROJECT_REQUIRED', 'project_id', 'The project is missing.'),
(2, 'PROJECT_ID_INVALID', 'project_id', 'The project is no uuid.'),
(3, 'PROJECT_OUT_OF_SCOPE', 'project_id', 'No project that this user may import for has this id.'),
(4, 'PROJECT_NOT_FOUND', 'project_id', 'There is no project with this id.'),
(5, 'WORKER_REQUIRED', 'external_worker_id', 'The worker is missing.'),
(6, 'WORKER_NOT_FOUND', 'external_worker_id', 'There is no worker with this id; upper and lower case differ.'),
(7, 'WORKER_NAME_MISMATCH', 'worker_name', 'The worker with this id has another name.'),
(8, 'WORKER_NAME_REQUIRED', 'worker_name', 'The name of the worker is missing.'),
(9, 'RESOURCE_REQUIRED', 'resource_id', 'The resource is missing.'),
(10, 'RESOURCE_ID_INVALID', 'resource_id', 'The resource is no uuid.'),
(11, 'RESOURCE_NOT_FOUND', 'resource_id', 'There is no resource with this id.'),
(12, 'RESOURCE_NOT_NON_LABOR', 'resource_id', 'The resource is a person; its actuals are imported as labor.'),
(13, 'RESOURCE_NOT_LABOR', 'resource_id', 'The resource is no person.'),
(14, 'DATE_REQUIRED', 'date', 'The day is missing.'),
(15, 'DATE_INVALID', 'date', 'It is no day, or not written as year, month and day with hyphens.'),
(16, 'PERCENTAGE_REQUIRED', 'percentage', 'The percentage is missing.'),
(17, 'PERCENTAGE_INVALID', 'percentage', 'It is no number with at most two decimals.'),
(18, 'PERCENTAGE_NEGATIVE', 'percentage', 'It is below 0.'),
(19, 'PERCENTAGE_TOO_LARGE', 'percentage', 'It is above 100.'),
(20, 'CAPITAL_PERCENTAGE_REQUIRED', 'capital_percentage', 'The capital percentage is missing.'),
(21, 'EXPENSE_PERCENTAGE_REQUIRED', 'expense_percentage', 'The expense percentage is missing.'),
(22, 'CAPITAL_PERCENTAGE_INVALID', 'capital_percentage', 'It is no number with at most two decimals.'),
(23, 'EXPENSE_PERCENTAGE_INVALID', 'expense_percentage', 'It is no number with at most two decimals.'),
(24, 'CAPITAL_PERCENTAGE_NEGATIVE', 'capital_percentage', 'It is below 0.'),
(25, 'EXPENSE_PERCENTAGE_NEGATIVE', 'expense_percentage', 'It is below 0.'),
(26, 'CAPITAL_PERCENTAGE_TOO_LARGE', 'capital_percentage', 'It is above 100.'),
(27, 'EXPENSE_PERCENTAGE_TOO_LARGE', 'expense_percentage', 'It is above 100.'),
(28, 'PERCENTAGE_SUM_TOO_LARGE', 'expense_percentage', 'Both percentages together are above 100.'),
(29, 'CAPITAL_REQUIRED', 'capital', 'The capital amount is missing.'),
(30, 'CAPITAL_INVALID', 'capital', 'It is no amount with at most two decimals, or too large.'),
(31, 'CAPITAL_NEGATIVE', 'capital', 'It is below 0.'),
(32, 'EXPENSE_REQUIRED', 'expense', 'The expense amount is missing.'),
(33, 'EXPENSE_INVALID', 'expense', 'It is no amount with at most two decimals, or too large.'),
(34, 'EXPENSE_NEGATIVE', 'expense', 'It is below 0.'),
(40, 'RATE_NOT_FOUND', 'date', 'The type of the worker has no rate on this day.'),
(41, 'NO_RESOURCE_FOR_WORKER', 'external_worker_id', 'The worker is no resource that can be planned.'),
(42, 'NO_PLANNED_ASSIGNMENT', 'date', 'The worker is not planned for this project on this day.'),
(50, 'DATE_OUTSIDE_PROJECT', 'date', 'The project does not run on this day.'),
(51, 'DUPLICATE', '', 'The resource is planned for this project on this day already.'),
(52, 'CAPITAL_NOT_WHOLE', 'capital_percentage', 'Plans are made in whole percent.'),
(53, 'EXPENSE_NOT_WHOLE', 'expense_percentage', 'Plans are made in whole percent.'),
(54, 'SUM_OVER_100', 'expense_percentage', 'Both percentages together are above 100.'),
(55, 'CROSS_PROJECT_OVER_100', '', 'With the other projects of this day the resource would be above 100 percent.');
