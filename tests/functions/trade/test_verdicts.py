"""A set of assessments is judged as each alone is, and its digest depends on what is judged."""

from __future__ import annotations

from typing import Any

import psycopg


def ids(owner: psycopg.Connection[Any]) -> list[Any]:
    return [
        one
        for (one,) in owner.execute("SELECT assessment_id FROM trade.assessments ORDER BY assessment_id").fetchall()
    ]


def judged(owner: psycopg.Connection[Any], asked: list[Any]) -> list[Any]:
    return owner.execute(
        "SELECT jud::text FROM trade.judge_assessments(%s) AS jud ORDER BY jud.assessment_id", [asked]
    ).fetchall()


def test_a_set_is_judged_as_each_alone_and_in_any_order(owner: psycopg.Connection[Any]) -> None:
    every = ids(owner)
    together = judged(owner, every)
    assert len(together) == len(every) == 60
    assert [judged(owner, [one])[0] for one in every] == together
    assert judged(owner, every[::-1]) == together
    assert judged(owner, every + every[:5]) == together


def test_judging_again_writes_nothing(owner: psycopg.Connection[Any]) -> None:
    state = "SELECT count(*), max(xmin::text::bigint), string_agg(updated_at::text, ',' ORDER BY evaluation_id) FROM trade.psra_verdicts"
    first = owner.execute("SELECT * FROM trade.evaluate_assessments(%s)", [ids(owner)]).fetchone()
    before = owner.execute(state).fetchone()
    assert owner.execute("SELECT * FROM trade.evaluate_assessments(%s)", [ids(owner)]).fetchone() == first
    assert owner.execute(state).fetchone() == before
    assert owner.execute("SELECT evaluated FROM trade.evaluate_assessments()").fetchone() == (0,)


def test_a_changed_case_replaces_its_verdict(owner: psycopg.Connection[Any]) -> None:
    owner.execute("SELECT trade.evaluate_assessments()")
    (one, hash_before, created) = owner.execute(
        "SELECT evaluation_id, input_hash, created_at FROM trade.psra_verdicts"
        " WHERE evaluation_id IN (SELECT assessment_id FROM trade.assessments) ORDER BY 1 LIMIT 1"
    ).fetchone() or (None, None, None)
    owner.execute("UPDATE trade.assessment_materials SET value = value + 1 WHERE assessment_id = %s", [one])
    owner.execute("SELECT trade.evaluate_assessments(ARRAY[%s]::uuid[])", [one])
    rows = owner.execute(
        "SELECT input_hash <> %s, created_at = %s FROM trade.psra_verdicts WHERE evaluation_id = %s",
        [hash_before, created, one],
    )
    assert rows.fetchall() == [(True, True)]


def test_the_digest_is_of_the_case_alone(owner: psycopg.Connection[Any]) -> None:
    one = ids(owner)[0]

    def digest() -> Any:
        return owner.execute(
            "SELECT trade.case_hash(case_text) FROM trade.case_texts(ARRAY[%s]::uuid[])", [one]
        ).fetchone()

    same = [
        "UPDATE trade.assessment_materials SET line_id = 'z' || line_id WHERE assessment_id = %s",
        "UPDATE trade.assessment_materials SET description = 'other' WHERE assessment_id = %s",
        "UPDATE trade.assessments SET request_id = gen_random_uuid() WHERE assessment_id = %s",
        "UPDATE trade.assessment_operations SET seq = 100 - seq WHERE assessment_id = %s",
    ]
    other = [
        "UPDATE trade.assessments SET tenant_id = (SELECT id FROM trade.tenants WHERE id <> tenant_id LIMIT 1) WHERE assessment_id = %s",
        "UPDATE trade.assessment_materials SET value = value + 0.01 WHERE assessment_id = %s",
        "UPDATE trade.assessment_materials SET is_originating = NULL WHERE assessment_id = %s AND is_originating",
        "UPDATE trade.assessment_materials SET is_originating = FALSE WHERE assessment_id = %s AND is_originating IS NULL",
        "UPDATE trade.assessment_operations SET location = 'DE' WHERE assessment_id = %s",
        "UPDATE trade.assessments SET ex_works_price = 1 WHERE assessment_id = %s",
        "UPDATE trade.assessments SET submitted_certificates = '{EUR.1}' WHERE assessment_id = %s",
        """UPDATE trade.assessments SET evidence = '{"audit": 1}' WHERE assessment_id = %s""",
    ]
    owner.execute("INSERT INTO trade.assessment_materials VALUES (%s, 'own', NULL, '3901', 'DE', 5, TRUE)", [one])
    before = digest()
    for statement in same:
        owner.execute(statement, [one])
        assert digest() == before, statement
    for statement in other:
        owner.execute(statement, [one])
        assert digest() != before, statement
        before = digest()


def test_an_unknown_assessment_has_no_answer(owner: psycopg.Connection[Any]) -> None:
    assert owner.execute("SELECT * FROM trade.judge_assessments(ARRAY[gen_random_uuid()])").fetchall() == []
    assert owner.execute("SELECT * FROM trade.judge_assessments('{}')").fetchall() == []
