-- planning.round_half_even()
-- Rounds money: to the nearest, and exact ties to the even one.
-- requires: nothing
-- source:   docs/planning_writes.md, "What an actual costs"

-- numeric is exact, so a tie is one; round() would take it away from zero. The double of a tie has no more digits, the tie has;
-- the nearest of half of it, doubled, is even.
CREATE OR REPLACE FUNCTION planning.round_half_even(amount numeric, digits integer)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN trunc(2 * amount, digits) = 2 * amount AND trunc(amount, digits) <> amount THEN 2 * round(amount * 0.5, digits)
    ELSE round(amount, digits)
END;

COMMENT ON FUNCTION planning.round_half_even IS
'472.525 is 472.52, 9.005 is 9.00, 27.015 is 27.02. Of a quotient the caller multiplies before dividing, so that ties are exact.';
