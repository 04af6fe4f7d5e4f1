-- trade.insights_at()
-- What an operator looks at first.
-- requires: trade.ltsd_days_left(), refresh.now()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.insights_at(p_as_of timestamptz DEFAULT refresh.now())
RETURNS TABLE (
    pass_7d bigint,
    fail_7d bigint,
    review_7d bigint,
    p95_processing_ms numeric,
    exceptions_open bigint,
    ltsd_due_soon bigint
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        count(*) FILTER (WHERE ver.status = 'qualified'),
        count(*) FILTER (WHERE ver.status = 'disqualified'),
        count(*) FILTER (WHERE ver.status = 'manual_review'),
        round((percentile_cont(0.95) WITHIN GROUP (ORDER BY ver.processing_time_ms))::numeric, 2),
        (SELECT count(*) FROM trade.assessments AS ass WHERE ass.status IN ('requires_review', 'failed')),
        (
            SELECT count(*) FROM trade.ltsd_declarations AS dec
            WHERE trade.ltsd_days_left(dec.status, dec.valid_from, dec.valid_to, (p_as_of AT TIME ZONE 'UTC')::date) <= 30
                -- said twice: the rule, and what the index on valid_to knows
                AND dec.status = 'active' AND dec.valid_to >= (p_as_of AT TIME ZONE 'UTC')::date
                AND dec.valid_to <= (p_as_of AT TIME ZONE 'UTC')::date + 30
        )
    FROM trade.psra_verdicts AS ver
    WHERE ver.decided_at > p_as_of - interval '7 days' AND ver.decided_at <= p_as_of;
END;

COMMENT ON FUNCTION trade.insights_at IS
'The seven days that end at p_as_of, the first instant not included; declarations that end within 30 days.';

REVOKE ALL ON FUNCTION trade.insights_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.insights_at TO tidemark_app, tidemark_operator;
