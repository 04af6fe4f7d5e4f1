"""From asking for bundles to having them: the gate, the steps, failures and starting over."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

Shop = psycopg.Connection[Any]
# the uploads of the fixture
UPLOADS = {
    kind: f"00000000-0000-4000-8000-00000000000{number}"
    for number, kind in enumerate(("orders", "variants", "catalog_joined"), start=1)
}


def value(shop: Shop, query: str, *parameters: Any) -> Any:
    row = shop.execute(query, parameters or None).fetchone()
    return row[0] if row else None


def status(shop: Shop) -> str:
    return value(shop, "SELECT status FROM commerce.csv_uploads WHERE id = %s", UPLOADS["orders"])


def ask(shop: Shop) -> str:
    return value(shop, "SELECT commerce.request_generation(%s)", UPLOADS["variants"])


def test_a_ready_run_is_queued_on_its_orders_upload(shop: Shop) -> None:
    assert ask(shop) == "ready"
    assert status(shop) == "bundle_generation_queued"
    assert ask(shop) == "started", "asking again changes nothing"


def test_a_run_without_catalog_rows_is_incomplete_and_says_why(shop: Shop) -> None:
    shop.execute("DELETE FROM commerce.catalog_snapshot")
    assert ask(shop) == "incomplete"
    assert status(shop) == "ingestion_incomplete"
    metrics = value(
        shop, "SELECT bundle_generation_metrics FROM commerce.csv_uploads WHERE id = %s", UPLOADS["orders"]
    )
    assert (metrics["coverage"]["catalog"], metrics["coverage"]["order_lines"]) == (0, 5)


def test_once_the_rows_are_there_an_incomplete_run_can_be_asked_again(shop: Shop) -> None:
    shop.execute("SAVEPOINT before; DELETE FROM commerce.catalog_snapshot")
    assert ask(shop) == "incomplete"
    shop.execute(
        "INSERT INTO commerce.catalog_snapshot (shop_id, run_id, variant_id, csv_upload_id, product_id, price) "
        "VALUES ('a.example', 'r', 'V1', %s, 'P', 1)",
        [UPLOADS["catalog_joined"]],
    )
    assert ask(shop) == "ready"


def test_a_failed_newer_file_blocks(shop: Shop) -> None:
    shop.execute(
        "INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type, status, error_code, created_at) "
        "VALUES ('a.example', 'r', 'y.csv', 'variants', 'failed', 'empty_file', now() + interval '1 hour')"
    )
    assert ask(shop) == "waiting"
    assert status(shop) == "completed"


def test_completing_deletes_checkpoints_and_previews_only(shop: Shop) -> None:
    ask(shop)
    for reference, variant in (
        ("__partial__:3", "V1"),
        ("__quick_start_1", "V2"),
        ("x__partial__", "V3"),
        ("_Xpartial__", "V4"),
    ):
        shop.execute(
            "SELECT commerce.save_bundles(jsonb_build_array(jsonb_build_object('upload', %s::text, 'products', "
            "jsonb_build_array(%s::text), 'discount_reference', %s::text)))",
            [UPLOADS["orders"], variant, reference],
        )
    shop.execute("SELECT commerce.set_generation_status(%s, 'generating_bundles')", [UPLOADS["orders"]])
    shop.execute("SELECT commerce.set_generation_status(%s, 'bundle_generation_completed')", [UPLOADS["orders"]])
    left = shop.execute("SELECT discount_reference FROM commerce.bundle_recommendations ORDER BY 1").fetchall()
    assert {reference for (reference,) in left} == {"x__partial__", "_Xpartial__"}


def test_a_late_completion_does_not_undo_a_failure(shop: Shop) -> None:
    ask(shop)
    shop.execute("SELECT commerce.set_generation_status(%s, 'bundle_generation_timed_out')", [UPLOADS["orders"]])
    answer = value(
        shop, "SELECT commerce.set_generation_status(%s, 'bundle_generation_completed')", UPLOADS["orders"]
    )
    assert answer == status(shop) == "bundle_generation_timed_out"


def test_progress_never_goes_back_and_a_retry_starts_over(shop: Shop) -> None:
    ask(shop)

    def report(step: str, progress: int, word: str = "in_progress") -> bool:
        return value(shop, "SELECT commerce.report_progress(%s, %s, %s, %s)", UPLOADS["orders"], step, progress, word)

    def place() -> tuple[str, int]:
        return shop.execute("SELECT step, progress FROM commerce.generation_progress").fetchone()  # type: ignore[return-value]

    assert report("scoring", 40)
    assert place() == ("scoring", 40)
    assert report("scoring", 30)
    assert place() == ("scoring", 40), "inside a step progress never falls"
    assert not report("enrichment", 90), "an earlier step is ignored"
    assert report("finalization", 100, "failed")
    assert not report("finalization", 100, "completed"), "a final record is locked"
    assert report("finalization", 100, "failed"), "except for the same state again"
    shop.execute("SELECT commerce.set_generation_status(%s, 'bundle_generation_failed')", [UPLOADS["orders"]])
    shop.execute("SELECT commerce.retry_generation(%s)", [UPLOADS["orders"]])
    assert place() == ("queueing", 0)
    assert status(shop) == "completed"
    assert ask(shop) == "ready"


def test_silent_generations_are_told_after_10_minutes_and_failed_after_30(shop: Shop) -> None:
    shop.execute("SET LOCAL tidemark.as_of = '2025-06-30 12:00+00'")
    ask(shop)
    for minute, expected in ((9, []), (10, [(False,)]), (29, [(False,)]), (30, [(True,)]), (31, [])):
        shop.execute(f"SET LOCAL tidemark.as_of = '2025-06-30 12:{minute:02}+00'")
        assert shop.execute("SELECT is_failed FROM commerce.fail_stalled_generations()").fetchall() == expected
    assert status(shop) == "bundle_generation_failed"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("commerce.request_generation(gen_random_uuid())", "P0002"),
        ("commerce.request_generation(NULL)", "P0002"),
        (f"commerce.set_generation_status('{UPLOADS['orders']}', 'completed')", "22023"),
        (f"commerce.set_generation_status('{UPLOADS['orders']}', 'generating_bundles')", "55000"),
        (f"commerce.retry_generation('{UPLOADS['orders']}')", "55000"),
        (f"commerce.report_progress('{UPLOADS['orders']}', 'dreaming', 1)", "22023"),
        (f"commerce.report_progress('{UPLOADS['orders']}', 'scoring', 101)", "23514"),
        ("commerce.approve_bundle(gen_random_uuid())", "P0002"),
        ("commerce.save_bundles('{}')", "22023"),
        ("commerce.save_bundles(NULL)", "22023"),
        ("commerce.mine_association_rules('a.example', 'nope')", "P0002"),
        ("commerce.mine_association_rules('a.example', 'r', 4)", "22023"),
        ("commerce.propose_pair_bundles('a.example', 'nope')", "P0002"),
        ("commerce.variant_kpi_at('a.example', 'r', 'infinity')", "22023"),
    ],
)
def test_errors_have_a_code_and_a_hint(shop: Shop, call: str, code: str) -> None:
    with pytest.raises(psycopg.Error) as raised:
        shop.execute(f"SELECT {call}")
    assert raised.value.sqlstate == code
    if code != "23514":
        assert raised.value.diag.message_hint
