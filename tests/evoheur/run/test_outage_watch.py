"""A budget of minutes that is used up while nothing gets through."""

import asyncio

import pytest

from evoheur.archive.records import Totals
from evoheur.generation.outage import OutageNews
from evoheur.run.budget import Budget
from evoheur.run.loop import LoopEnd
from evoheur.run.outage_watch import OutageWatch

DOWN = OutageNews(endpoint="m at there", reason="connection: refused", since=0.0, seconds=1.0, next_try=2.0)
UP = OutageNews(endpoint="m at there", reason="", since=0.0, seconds=1.0, next_try=None)
OTHERS = OutageNews(endpoint="m at there", reason="x", since=0.0, seconds=1.0, next_try=2.0, others_answer=True)


@pytest.mark.parametrize(
    ("news", "minutes", "ended"),
    [
        ([DOWN], 1.001, True),
        ([DOWN, DOWN], 1.001, True),
        ([DOWN], 0.5, True),
        ([DOWN, UP], 1.001, False),
        ([UP], 1.001, False),
        ([OTHERS], 1.001, False),
        ([DOWN], None, False),
        ([DOWN], 5.0, False),
    ],
)
def test_it_ends_a_run_in_an_outage_when_time_is_up(news: list[OutageNews], minutes: float | None, ended: bool) -> None:
    """A minute was used before; the rest is waited for while the outage lasts."""
    endings: list[LoopEnd] = []

    async def play() -> None:
        watch = OutageWatch(Budget(minutes=minutes, requests=9), lambda: Totals(seconds=60.0), endings.append)
        for each in news:
            watch.notify(each)
        await asyncio.sleep(0.15)
        watch.close()

    asyncio.run(play())
    assert [(ending.status, "the last of them in an outage" in ending.reason) for ending in endings] == [
        ("finished", True)
    ] * ended
