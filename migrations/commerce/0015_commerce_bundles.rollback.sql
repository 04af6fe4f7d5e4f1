-- Undo 0015_commerce_bundles.

DROP TABLE commerce.timing_limits;
DROP TABLE commerce.generation_progress;
DROP TABLE commerce.generation_steps;
DROP TABLE commerce.bundle_save_issues;
DROP TABLE commerce.bundle_saves;
DROP TABLE commerce.bundle_recommendations;
DROP TABLE commerce.association_rules;
