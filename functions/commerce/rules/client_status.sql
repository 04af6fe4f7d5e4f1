-- commerce.client_status()
-- The four words that shops are told for the status of an upload.
-- requires: nothing
-- source:   docs/commerce.md, "Life of an upload"

CREATE OR REPLACE FUNCTION commerce.client_status(status text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN status = 'processing' THEN 'processing'
    WHEN status IN ('completed', 'bundle_generation_completed') THEN 'completed'
    WHEN status IN ('bundle_generation_queued', 'generating_bundles') THEN 'generating_bundles'
    WHEN status IS NOT NULL THEN 'failed'
END;

COMMENT ON FUNCTION commerce.client_status IS 'processing, completed, generating_bundles or failed.';
