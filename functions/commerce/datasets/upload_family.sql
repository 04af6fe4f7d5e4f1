-- commerce.upload_family
-- What the four kinds of shop files have in common: what is told beside the file, and their life cycle.
-- requires: load.family(), commerce.open_upload(), commerce.end_upload()
-- source:   docs/commerce.md, "Loading the files of a shop"

SELECT load.family(
    'commerce', 'Files of a shop: orders, variants, catalog, stock',
    parameters => '{
        "shop": "Shop the rows belong to, such as alpha.example; not given: it is read from the file",
        "run": "Groups the files of one synchronisation; not given: a new one",
        "currency": "Currency of orders that state none; not given: USD",
        "code_version": "Version of the program that made the file, free text"
    }',
    open_function => 'commerce.open_upload',
    end_function => 'commerce.end_upload'
);
