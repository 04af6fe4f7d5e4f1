-- Draws: what every generator asks instead of random()
-- Every file of a family's folder belongs to one transaction, in the order of its number, after this one. The request
-- comes in four settings: tidemark.generate_size, tidemark.generate_seed, tidemark.generate_as_of and
-- tidemark.generate_append. Rows follow from them alone, so every server makes the same ones.

SET LOCAL timezone = 'UTC';  -- days become instants
SET LOCAL work_mem = '256MB';
SET LOCAL jit = off;

DO $$
DECLARE
    v_seed bigint := current_setting('tidemark.generate_seed');
BEGIN
    IF v_seed NOT BETWEEN 0 AND 1000000000000 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'the seed is out of range',
            DETAIL = format('Asked for was seed %s.', v_seed),
            HINT = 'Give a seed from 0 to 1000000000000.';
    END IF;

    -- The seed is written into the bodies, so that the planner can inline the functions everywhere.
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION pg_temp.draw(id bigint, salt integer) RETURNS double precision
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN (hashint8extended(id, %s + salt) & 4503599627370495) / 4503599627370496.0::float8',
        v_seed * 1000
    );
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION pg_temp.id_of(kind text, no bigint) RETURNS uuid
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN md5(%L || kind || no::text)::uuid',
        v_seed || ' '
    );
END $$;

COMMENT ON FUNCTION pg_temp.draw IS
'A number from 0 to below 1 that depends on id, salt and seed alone. Each question asked about an id has its own salt.';
COMMENT ON FUNCTION pg_temp.id_of IS
'The key of the thing of that kind with that number. It depends on them and the seed.';

CREATE OR REPLACE FUNCTION pg_temp.draw_int(id bigint, salt integer, low integer, high integer)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN low + floor(pg_temp.draw(id, salt) * (high - low + 1))::integer;

COMMENT ON FUNCTION pg_temp.draw_int IS 'A whole number from low to high, both included.';

-- The sum of four draws is close to a normal one, and the same to the last bit everywhere.
CREATE OR REPLACE FUNCTION pg_temp.draw_normal(id bigint, salt integer)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    pg_temp.draw(id, salt) + pg_temp.draw(id, salt + 1) + pg_temp.draw(id, salt + 2) + pg_temp.draw(id, salt + 3) - 2
) * 1.7320508075688772::float8;

COMMENT ON FUNCTION pg_temp.draw_normal IS 'A number with mean 0 and deviation 1, within 3.5. It takes four salts.';

CREATE OR REPLACE FUNCTION pg_temp.choose(u double precision, bounds double precision[], codes text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN codes[1 + width_bucket(u, bounds)];

COMMENT ON FUNCTION pg_temp.choose IS 'The code whose share of 0 to 1 holds u; bounds are the cumulated shares without 1.';

CREATE OR REPLACE FUNCTION pg_temp.share_of(no bigint, u double precision)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1 + least(floor(u * no)::bigint, no - 1);

COMMENT ON FUNCTION pg_temp.share_of IS 'A number from 1 to no, by u.';
