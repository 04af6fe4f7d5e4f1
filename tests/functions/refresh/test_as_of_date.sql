-- refresh.as_of_date(), refresh.now(), refresh.time_zone(): the clock of rules and live views.
BEGIN;
SELECT plan(12);

SET LOCAL tidemark.as_of = '';
SELECT is(refresh.now(), now(), 'without a chosen moment it is the start of the transaction');
SELECT is(refresh.as_of_date(), (now() AT TIME ZONE 'UTC')::date, 'the business zone is UTC unless set');
SELECT is(refresh.time_zone(), 'UTC', 'the zone has a name');

SET LOCAL TimeZone = 'Pacific/Kiritimati';
SET LOCAL tidemark.time_zone = 'Europe/Berlin';
SET LOCAL tidemark.as_of = '2025-06-30';
SELECT is(refresh.now(), timestamptz '2025-06-30 00:00 Europe/Berlin', 'a day is its first moment in the business zone');
SELECT is(refresh.as_of_date(), date '2025-06-30', 'and the day itself, whatever the zone of the session');
SET LOCAL tidemark.as_of = '2025-03-30 03:30';
SELECT is(refresh.now(), timestamptz '2025-03-30 01:30Z', 'a local time after the clocks went forward');
SET LOCAL tidemark.as_of = '2025-10-26 02:30+02';
SELECT is(refresh.now(), timestamptz '2025-10-26 00:30Z', 'an offset tells the two half past two apart');
SET LOCAL tidemark.as_of = '2025-06-30T22:30Z';
SELECT is(refresh.as_of_date(), date '2025-07-01', 'an instant falls on the day of the business zone');
SET LOCAL tidemark.as_of = 'tomorrow';
SELECT throws_ok('SELECT refresh.now()', '22023', NULL, 'words are refused');
SET LOCAL tidemark.as_of = '2025-02-30 12:00';
SELECT throws_ok('SELECT refresh.now()', '22023', NULL, 'a day that does not exist is refused');

SELECT is(refresh.use_as_of('2024-02-29'), '2025-02-30 12:00', 'use_as_of gives the setting it replaces');
SELECT is(refresh.as_of_date(), date '2024-02-29', 'and sets the clock');

SELECT * FROM finish();
ROLLBACK;
