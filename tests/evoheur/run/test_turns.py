"""One task computes at a time, and everything else gets a turn in between."""

import asyncio
import itertools

from evoheur.run.turns import Turns


def test_tasks_go_on_one_by_one_in_the_order_of_asking() -> None:
    """Between two of them whatever else is ready goes on, here a ticking task."""
    seen: list[str] = []

    async def work(turns: Turns, name: str) -> None:
        await turns.next()
        seen.append(name)

    async def tick() -> None:
        while len(seen) < 12:
            seen.append("tick")
            await asyncio.sleep(0)

    async def all_at_once() -> None:
        turns = Turns()
        await asyncio.gather(tick(), *(work(turns, name) for name in "abcd"))

    asyncio.run(all_at_once())
    assert [name for name in seen if name != "tick"] == ["a", "b", "c", "d"]
    places = [seen.index(name) for name in "abcd"]
    assert all("tick" in seen[before:after] for before, after in itertools.pairwise(places[1:]))


def test_a_task_that_is_cancelled_while_it_waits_keeps_no_turn() -> None:
    async def cancelled_between() -> list[str]:
        turns, seen = Turns(), []

        async def work(name: str) -> None:
            await turns.next()
            seen.append(name)

        first, second, third = (asyncio.ensure_future(work(name)) for name in "abc")
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, second, third, return_exceptions=True)
        return seen

    assert asyncio.run(cancelled_between()) == ["a", "c"]


def test_a_task_that_fails_in_its_turn_ends_it() -> None:
    async def failing_first() -> bool:
        turns = Turns()

        async def fail() -> None:
            await turns.next()
            raise ValueError

        await asyncio.gather(fail(), return_exceptions=True)
        await asyncio.wait_for(turns.next(), 5)
        return True

    assert asyncio.run(failing_first())
