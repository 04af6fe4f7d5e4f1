-- Trade: its schema, and who may look into it.
-- depends: 0001_core_schemas

CREATE SCHEMA trade;
COMMENT ON SCHEMA trade IS
'Preferential origin of goods: tariff codes, agreements and their rules, what is judged by them and how, declarations of suppliers; company by company.';

GRANT USAGE ON SCHEMA trade TO tidemark_app, tidemark_operator;
