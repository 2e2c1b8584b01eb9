"""Idle slots: who waits for whom."""

import asyncio

from evoheur.run.spare_slots import SpareSlots


async def turn() -> None:
    """Let everything that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_idle_work_waits_for_all_that_is_claimed_and_never_exceeds_the_slots() -> None:
    async def scenario() -> None:
        spare = SpareSlots(2)
        began: list[str] = []
        end = {name: asyncio.Event() for name in ("a", "b", "x", "y", "z")}

        async def claimed(name: str) -> None:
            async with spare.claimed():
                began.append(name)
                await end[name].wait()

        async def idle(name: str) -> None:
            async with spare.idle():
                began.append(name)
                await end[name].wait()

        tasks = [asyncio.ensure_future(work) for work in (claimed("a"), claimed("b"), idle("x"), idle("y"), idle("z"))]
        await turn()
        assert began == ["a", "b"]
        end["a"].set()
        await turn()
        assert began == ["a", "b", "x"]
        end["b"].set()
        await turn()
        assert began == ["a", "b", "x", "y"]
        end["x"].set()
        await turn()
        assert began == ["a", "b", "x", "y", "z"]
        for event in end.values():
            event.set()
        await asyncio.gather(*tasks)

    asyncio.run(scenario())


def test_claims_do_not_wait_and_hold_idle_work_back_however_many_they_are() -> None:
    async def scenario() -> None:
        spare = SpareSlots(1)
        async with spare.claimed(), spare.claimed():
            waiting = asyncio.ensure_future(spare.idle().__aenter__())
            await turn()
            assert not waiting.done()
        await asyncio.wait_for(waiting, 5)

    asyncio.run(scenario())


def test_idle_work_that_fails_or_is_cancelled_gives_its_slot_back() -> None:
    async def scenario() -> None:
        spare = SpareSlots(1)
        used: list[str] = []

        async def fail() -> None:
            async with spare.idle():
                raise ValueError

        async def hang() -> None:
            async with spare.idle():
                await asyncio.Event().wait()

        await asyncio.gather(fail(), return_exceptions=True)
        hanging = asyncio.ensure_future(hang())
        await turn()
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
        async with asyncio.timeout(5), spare.idle():
            used.append("again")
        assert used == ["again"]

    asyncio.run(scenario())
