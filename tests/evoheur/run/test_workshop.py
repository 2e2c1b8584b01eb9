"""A run goes the same way with a breeding process beside it as without."""

import asyncio
import itertools
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.code.program import parse_count
from evoheur.code.signature import FunctionSignature
from evoheur.generation.mutation.breeding import Parent, Stuck
from evoheur.run.assemble import assemble
from evoheur.run.breeding_process import BreedingProcess
from evoheur.run.config import parse_config
from evoheur.run.discovery import Discovery
from evoheur.run.reply_work import RawReply, ReplyWork
from evoheur.run.run_parts import prepare
from evoheur.run.stored_run import create_run
from evoheur.run.workshop import Workshop
from tests.evoheur.generation.mutation.support.samples import BASELINE, breeder
from tests.support.run_rows import rows

WORK = ReplyWork(signatures=(FunctionSignature("priority", ("item", "bins")),), breeder=breeder())


def _reply(number: int) -> RawReply:
    return RawReply(f"{{An idea.}}\n```python\ndef priority(item, bins):\n    return bins - {number}.25 * item\n```")


def _started(workshop: Workshop) -> BreedingProcess | None:
    return workshop.process


def test_the_process_starts_after_so_many_replies_and_nothing_waits_for_it() -> None:
    async def used() -> None:
        workshop = Workshop(WORK, after=2, clock=lambda: 0.0)
        try:
            for number in range(2):
                assert await workshop.read(_reply(number)) == WORK.read(_reply(number))
            assert _started(workshop) is None
            assert await workshop.read(_reply(3)) == WORK.read(_reply(3))
            process = _started(workshop)
            assert process is not None
            assert not process.ready
            assert await process.settled()
            offspring = await workshop.breed("mutation", [Parent("the baseline", BASELINE)], 3)
            assert offspring == WORK.breed("mutation", [Parent("the baseline", BASELINE)], 3)
            parsed, before = WORK.read(RawReply(offspring.reply)), parse_count()
            assert await workshop.read(RawReply(offspring.reply)) == parsed
            assert parse_count() == before
            with pytest.raises(Stuck, match="found nothing to change in parent 4"):
                await workshop.breed("simplify", [Parent("parent 4", "def priority(item, bins):\n    return bins\n")], 3)
        finally:
            await workshop.close()

    asyncio.run(used())


def test_replies_that_come_slowly_start_no_process() -> None:
    """Three in more than two seconds leave one processor nothing to do."""
    ticks = itertools.count()

    async def used() -> None:
        workshop = Workshop(WORK, after=2, clock=lambda: next(ticks) / 0.4)
        for number in range(9):
            await workshop.read(_reply(number))
        assert workshop.process is None

    asyncio.run(used())


def _discovery(name: str, archive: Archive, problem: str) -> Discovery:
    data: dict[str, Any] = {
        "problem": problem,
        "strategy": {"kind": "eoh", "population_size": 4, "parents": 2},
        "generator": {"kind": "mutator"},
        "evaluation": {"executor": {"kind": "local", "slots": 2}, "sandbox": {"kind": "process"}, "limits": {"memory_mib": 256}},
        "budget": {"requests": 24},
        "validation": {"top": 1},
        "in_flight": 4,
        "tell_order": "asked",
        "breeding_process": None,
    }
    parts = prepare(parse_config(data, where="test"), environ={}, archive=archive, resumed=None)
    return assemble(parts, archive, create_run(parts, archive, name=name))


def test_a_run_leaves_the_same_rows_with_and_without(tmp_path: Path, scheduling: str) -> None:
    async def beside(discovery: Discovery) -> None:
        process = discovery.breeding.pipeline.workshop.start()
        assert await process.settled()
        await discovery.discover()
        assert not process.ready

    database = tmp_path / "a.db"
    with Archive.open(f"sqlite:///{database}", create=True) as archive:
        asyncio.run(_discovery("without", archive, scheduling).discover())
        asyncio.run(beside(_discovery("with", archive, scheduling)))
    assert rows(database, "with") == rows(database, "without")
