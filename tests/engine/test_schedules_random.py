"""Random schedules, a few in each run of the suite; TIDEMARK_TEST_WALKS multiplies them, TIDEMARK_TEST_SEED starts elsewhere."""

import os

from tests.engine import schedules

COUNT = 8 * int(os.environ.get("TIDEMARK_TEST_WALKS", "1"))
FIRST = int(os.environ.get("TIDEMARK_TEST_SEED", "1"))


def test_nothing_wrong_is_ever_called_fresh(engine, record_property):
    asked = 0
    for seed in range(FIRST, FIRST + COUNT):
        asked += schedules.Schedule(engine.session, seed).run()
        schedules.clean(engine.main)
    record_property("answers", asked)
    assert asked > COUNT
