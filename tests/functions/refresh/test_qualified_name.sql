-- refresh_internal.qualified_name(): one spelling for every name.
BEGIN;
SELECT plan(6);

SELECT is(refresh_internal.qualified_name('Toy.Things'), 'toy.things', 'what needs no quotes is folded');
SELECT is(refresh_internal.qualified_name('"Toy"."a b"'), '"Toy"."a b"', 'what needs quotes keeps them');
SELECT is(refresh_internal.qualified_name(' toy . things '), 'toy.things', 'blanks do not matter');
SELECT throws_ok('SELECT refresh_internal.qualified_name(''things'')', '42602', NULL, 'a name without schema is refused');
SELECT throws_ok('SELECT refresh_internal.qualified_name(''a.b.c'')', '42602', NULL, 'so is one with three parts');
SELECT throws_ok('SELECT refresh_internal.qualified_name(NULL)', '42602', NULL, 'and none at all');

SELECT * FROM finish();
ROLLBACK;
