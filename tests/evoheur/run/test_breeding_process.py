"""What a process beside the loop breeds and reads is what the run's own would, and its end costs nothing but time."""

import asyncio
import os
import random
import socket
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from evoheur.code.program import measures, read_program
from evoheur.code.signature import FunctionSignature
from evoheur.generation.mutation.breeding import Parent
from evoheur.generation.parsing import ParsedReply
from evoheur.run.breeding_entry import main
from evoheur.run.breeding_messages import Frames, framed
from evoheur.run.breeding_process import BreedingProcess, BreedingProcessLost
from evoheur.run.reply_work import Bred, BreedingJob, Finding, RawReply, ReplyWork
from evoheur.simplification.reduced_form import reduced_hash
from tests.evoheur.generation.mutation.support.samples import BASELINE, breeder

WORK = ReplyWork(signatures=(FunctionSignature("priority", ("item", "bins")),), breeder=breeder())
CODE = "def priority(item, bins):\n    rest = bins - item\n    return 1.0 * -rest\n"
REPLY = RawReply(f"{{Best fit.}}\n```python\n{CODE}```")
NOTHING = RawReply("I have no code for you.")
JOB = BreedingJob("mutation", (Parent("the baseline", BASELINE),), 7)


class Deadly:
    """A job that ends the process that unpacks it."""

    def __reduce__(self) -> tuple[Callable[[int], None], tuple[int]]:
        return os._exit, (7,)


def with_process(use: Callable[[BreedingProcess], Awaitable[None]], work: Any = WORK) -> None:
    """Start a breeding process, use it, and end it."""

    async def used() -> None:
        process = BreedingProcess(work, {**os.environ, "OPENAI_API_KEY": "secret"})
        process.start()
        try:
            await process.settled()
            await use(process)
        finally:
            await process.close()

    asyncio.run(used())


def check_what_it_holds(pid: int | None) -> None:
    """Neither a compiler nor a key."""
    held = Path(f"/proc/{pid}")
    mapped = (held / "maps").read_text()
    assert "numpy" in mapped
    assert not any(name in mapped for name in ("llvmlite", "/ray/", "/scipy/"))
    assert b"secret" not in (held / "environ").read_bytes()


def test_it_breeds_and_reads_what_the_own_process_would() -> None:
    """Also what cannot be bred or read; it has no compiler and no key."""
    own = [WORK.breed_and_find(BreedingJob("mutation", JOB.parents, seed)) for seed in range(3)]

    async def use(process: BreedingProcess) -> None:
        bred = await asyncio.gather(*(process.ask(BreedingJob("mutation", JOB.parents, seed)) for seed in range(3)))
        assert bred == own
        assert await process.ask(REPLY) == WORK.find(REPLY)
        assert await process.ask(NOTHING) == Finding(WORK.read(NOTHING), None)
        assert await process.ask(BreedingJob("crossover", (), random.Random)) is None  # type: ignore[arg-type]
        check_what_it_holds(process.pid)

    with_process(use)


def test_facts_are_those_that_a_tree_shows() -> None:
    finding = WORK.find(REPLY)
    assert isinstance(finding.found, ParsedReply)
    assert finding.facts is not None
    program = read_program(finding.found.code)
    assert (finding.facts.hash, finding.facts.imports) == (program.hash, program.imports)
    assert finding.facts.measures == measures(finding.found.code)
    assert finding.facts.reduced_hash == reduced_hash(finding.found.code) != program.hash


def test_a_job_that_ends_it_twice_fails_and_the_others_are_answered() -> None:
    async def use(process: BreedingProcess) -> None:
        first = process.pid
        before, deadly, after = process.ask(REPLY), process.ask(Deadly()), process.ask(JOB)  # type: ignore[arg-type]
        assert isinstance(await before, Finding)
        with pytest.raises(BreedingProcessLost, match="ended with exit code 7 at this request, 2 times"):
            await deadly
        assert isinstance(await after, Bred)
        assert process.pid != first

    with_process(use)


def test_without_one_the_run_does_its_work_itself(caplog: pytest.LogCaptureFixture) -> None:
    """One that never starts is tried twice."""

    async def use(process: BreedingProcess) -> None:
        assert not process.ready

    with_process(use, Deadly())
    assert "cannot be started (it ended with exit code 7)" in caplog.text


def test_it_ends_with_the_other_end_of_its_socket() -> None:
    ours, theirs = socket.socketpair()
    serving = threading.Thread(target=main, args=(theirs.detach(),))
    serving.start()
    frames = Frames()
    with ours:
        ours.sendall(framed(WORK))
        assert list(frames.feed(ours.recv(100))) == [None]
        ours.sendall(framed(REPLY)[:9])  # the rest never comes
    serving.join(60)
    assert not serving.is_alive()


def test_messages_come_whole_from_any_pieces() -> None:
    sent = b"".join(map(framed, (REPLY, None, JOB)))
    frames = Frames()
    found = [message for at in range(0, len(sent), 7) for message in frames.feed(sent[at : at + 7])]
    assert found == [REPLY, None, JOB]
