-- The products of a bundle in all their shapes, and the key that makes two bundles the same.
BEGIN;
SELECT plan(14);
SET LOCAL tidemark.as_of = '2025-06-30';

SELECT is(commerce.bundle_variant_ids('["b", "a"]'), ARRAY['a', 'b'], 'A list of ids is sorted');
SELECT is(commerce.bundle_variant_ids('[{"variant_id": "b"}, "a"]'), ARRAY['a', 'b'], 'Objects and ids may be mixed');
SELECT is(commerce.bundle_variant_ids('{"items": [{"variant_id": "a"}], "tiers": []}'), ARRAY['a'], 'The list may lie under items');
SELECT is(commerce.bundle_variant_ids('["a", "a"]'), ARRAY['a', 'a'], 'Repetitions are kept');
SELECT is(commerce.bundle_variant_ids('["a", "B"]'), ARRAY['B', 'a'], 'The order is bytewise');
SELECT is(commerce.bundle_variant_ids('[20001]'), ARRAY['20001'], 'A number is an id too');
SELECT is(commerce.bundle_variant_ids('[]'), NULL, 'No product');
SELECT is(commerce.bundle_variant_ids('["a", {"name": "x"}]'), NULL, 'One entry without id spoils the list');
SELECT is(commerce.bundle_variant_ids('["a", ""]'), NULL, 'An empty id is none');
SELECT is(commerce.bundle_variant_ids('"a"'), NULL, 'A word is no list');
SELECT is(commerce.bundle_variant_ids('{"tiers": []}'), NULL, 'An object without items');
SELECT is(commerce.bundle_variant_ids(NULL), NULL, 'Nothing at all');
SELECT is(
    commerce.bundle_dedupe_key('FBT', 'increase_aov', ARRAY['V1', 'V2']),
    encode(sha256(E'FBT\nincrease_aov\nV1\nV2'), 'hex'), 'The key is a hash of the lines'
);
SELECT is(
    (SELECT array_agg(commerce.uuid_of(given) IS NOT NULL) FROM unnest(ARRAY['nope', NULL, '6f8b1c6e-0000-4000-8000-00000000000A']) AS given),
    ARRAY[false, false, true], 'An id that is none is no error'
);

SELECT * FROM finish();
ROLLBACK;
