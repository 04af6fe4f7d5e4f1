-- Agreements: five, as the world has them in broad strokes, and who stands behind the European Union

INSERT INTO trade.party_members (party, country, member_from, member_to)
SELECT 'EU', own.country, own.member_from, own.member_to
FROM (VALUES
    ('{BE,DE,FR,IT,LU,NL}'::text[], '1958-01-01'::date, NULL::date), ('{DK,IE}', '1973-01-01', NULL), ('{GB}', '1973-01-01', '2020-12-31'),
    ('{GR}', '1981-01-01', NULL), ('{ES,PT}', '1986-01-01', NULL), ('{AT,FI,SE}', '1995-01-01', NULL),
    ('{CY,CZ,EE,HU,LT,LV,MT,PL,SI,SK}', '2004-05-01', NULL), ('{BG,RO}', '2007-01-01', NULL), ('{HR}', '2013-07-01', NULL)
) AS joined (countries, member_from, member_to)
CROSS JOIN LATERAL (
    SELECT item.country, joined.member_from, joined.member_to FROM unnest(joined.countries) AS item (country)
) AS own
ON CONFLICT DO NOTHING;

INSERT INTO trade.agreements (
    code, name, agreement_type, parties, effective_date, cumulation, de_minimis_percent, de_minimis_excluded_chapters, minimal_operations
)
SELECT
    own.code, own.name, 'free_trade_agreement', own.parties, own.effective_date, own.cumulation, 10,
    CASE WHEN 'EU' = ANY(own.parties) THEN ARRAY(SELECT cha.no::text FROM generate_series(50, 63) AS cha (no)) ELSE '{}' END,
    '{PACKAGING,LABELING,SORTING}'
FROM (VALUES
    ('CETA', 'Comprehensive Economic and Trade Agreement', '{CA,EU}'::text[], '2017-09-21'::date, 'bilateral'),
    ('TCA', 'EU-UK Trade and Cooperation Agreement', '{EU,GB}', '2021-01-01', 'full'),
    ('EU-JP-EPA', 'EU-Japan Economic Partnership Agreement', '{EU,JP}', '2019-02-01', 'full'),
    ('USMCA', 'United States-Mexico-Canada Agreement', '{CA,MX,US}', '2020-07-01', 'bilateral'),
    ('RCEP', 'Regional Comprehensive Economic Partnership', '{AU,CN,ID,JP,KR,MY,NZ,SG,TH,VN}', '2022-01-01', 'bilateral')
) AS own (code, name, parties, effective_date, cumulation)
ON CONFLICT DO NOTHING;

-- ways from country to country, the busiest first
CREATE TEMP TABLE generated_way ON COMMIT DROP AS
SELECT
    own.agreement_code,
    split_part(way.text, '>', 1) AS export_country,
    split_part(way.text, '>', 2) AS import_country,
    way.place,
    sum(1.0 / way.place) OVER (PARTITION BY own.agreement_code ORDER BY way.place)
    / sum(1.0 / way.place) OVER (PARTITION BY own.agreement_code) AS upto
FROM (VALUES
    ('CETA', 'CA>NL CA>DE DE>CA FR>CA CA>BE IT>CA CA>FR NL>CA CA>ES ES>CA CA>IT PL>CA'),
    ('TCA', 'DE>GB GB>DE GB>IE NL>GB GB>NL FR>GB GB>FR IE>GB BE>GB GB>ES IT>GB SE>GB'),
    ('EU-JP-EPA', 'DE>JP JP>DE JP>NL FR>JP IT>JP JP>BE JP>FR NL>JP IE>JP JP>IT ES>JP SE>JP'),
    ('USMCA', 'MX>US CA>US US>CA US>MX MX>CA CA>MX'),
    ('RCEP', 'CN>JP JP>CN CN>KR VN>CN KR>CN CN>AU TH>JP MY>SG ID>CN CN>VN AU>CN NZ>CN')
) AS own (agreement_code, ways)
CROSS JOIN LATERAL unnest(string_to_array(own.ways, ' ')) WITH ORDINALITY AS way (text, place);
