-- planning.assignment_conflict
-- Days on which a person is planned for more than a day.
-- grain:    one row per resource and day above 100 percent
-- requires: nothing
-- source:   docs/planning_writes.md, "Days over 100 percent"

CREATE OR REPLACE VIEW planning.assignment_conflict AS
SELECT
    asg.resource_id,
    asg.assignment_date,
    sum(asg.capital_percentage + asg.expense_percentage) AS total_allocation,
    sum(asg.capital_percentage + asg.expense_percentage) - 100 AS over_allocation
FROM planning.resource_assignments AS asg
GROUP BY asg.resource_id, asg.assignment_date
HAVING sum(asg.capital_percentage + asg.expense_percentage) > 100;

COMMENT ON VIEW planning.assignment_conflict IS
'Capital and expense percentages together, over all projects; exactly 100 is no conflict. Of history: no write makes a new one.';

GRANT SELECT ON planning.assignment_conflict TO tidemark_operator;
