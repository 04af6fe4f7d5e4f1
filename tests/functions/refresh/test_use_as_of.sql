-- refresh.use_as_of(): only a real day becomes the business day.
BEGIN;
SELECT plan(5);

SET LOCAL tidemark.as_of = '2025-06-30';
SELECT throws_ok('SELECT refresh.use_as_of(NULL)', '22004', NULL, 'NULL is refused');
SELECT throws_ok('SELECT refresh.use_as_of(''infinity'')', '22023', NULL, 'infinity is refused');
SELECT throws_ok('SELECT refresh.use_as_of(''10000-01-01'')', '22023', NULL, 'a year of five digits is refused');
SELECT is(refresh.as_of_date(), date '2025-06-30', 'a refused day leaves the clock alone');
SELECT lives_ok('SELECT refresh.use_as_of(''0001-01-01''), refresh.use_as_of(''9999-12-31'')', 'the edges are days');

SELECT * FROM finish();
ROLLBACK;
