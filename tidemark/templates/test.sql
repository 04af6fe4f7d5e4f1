-- {{subject}}: say here what it promises.
BEGIN;
SELECT plan(1);
SET LOCAL tidemark.as_of = '2025-06-30';

SELECT fail('write what {{subject}} promises: {{edges}}');

SELECT * FROM finish();
ROLLBACK;
