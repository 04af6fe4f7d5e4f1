-- load_internal.looks_like_formula()
-- Whether a spreadsheet would run a cell as a formula, behind any number of apostrophes.
-- requires: nothing
-- source:   docs/loading.md, "Rejected rows"

-- White space is spelled out: what \s means depends on the program and on the locale.
CREATE OR REPLACE FUNCTION load_internal.looks_like_formula(cell text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN cell ~ (
    '^''*[\u0009-\u000D\u001C-\u0020\u0085\u00A0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u2060\u3000\uFEFF]*'
    || '[-=+@\u0009\u000D]'
);

COMMENT ON FUNCTION load_internal.looks_like_formula IS
'True when =, +, -, @, a tab or a carriage return comes first, white space of any kind and apostrophes left out.';
