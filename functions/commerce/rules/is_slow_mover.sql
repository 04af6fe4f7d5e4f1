-- commerce.is_slow_mover()
-- Whether an article hardly sells.
-- requires: nothing
-- source:   docs/commerce.md, "Sales figures"

CREATE OR REPLACE FUNCTION commerce.is_slow_mover(units_90d bigint, available bigint)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN units_90d <= 0 OR (units_90d <= 2 AND coalesce(available, 0) > 0);

COMMENT ON FUNCTION commerce.is_slow_mover IS
'Nothing sold in 90 days, or at most 2 units while some are in stock; unknown stock counts as none.';
