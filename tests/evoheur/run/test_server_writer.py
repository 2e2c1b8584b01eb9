"""A run in an archive on a server: the loop goes on while it is written, and what is written keeps every promise."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate, Status
from evoheur.errors import ArchiveLost, EvoheurError
from evoheur.request import Completion, Failure, Note, Outcome, Request
from evoheur.run.candidate_numbers import CandidateNumbers
from evoheur.run.server_writer import ServerWriter
from evoheur.run.step import Step, StepListeners, UnstorableReply
from tests.evoheur.archive.support.made_up import MESSAGES, REPLY, candidate, evaluation, new_run
from tests.support.postgres_server import PostgresServer

CAUGHT = Failure(stage="parsing", reason="internal-error", detail="caught")


@pytest.fixture(scope="module")
def schema(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.new_database()
    Archive.open(url, create=True).close()
    yield url
    postgres.drop(url)


@pytest.fixture
def archive(postgres: PostgresServer, schema: str) -> Iterator[Archive]:
    """With a run in a session, on a database of its own."""
    url = postgres.new_database(schema.split("@/")[1].partition("?")[0])
    with Archive.open(url) as opened:
        run = new_run(opened)
        opened.record_baseline(run.id, candidate(0))
        opened.begin_session(run.id)
        yield opened
    postgres.drop(url)


class Writing:
    """A writer with what a run has around it."""

    def __init__(self, archive: Archive, *, paid: bool = False) -> None:
        self.errors: list[EvoheurError] = []
        self.archive = archive
        numbers = CandidateNumbers(candidate(0), lambda number, epoch: archive.evaluation_on_train(1, number, epoch))
        self.writer = ServerWriter(
            archive, 1, paid=paid, numbers=numbers, caught=lambda _step, _error: CAUGHT, failed=self.errors.append
        )
        self.all = StepListeners([self.writer])

    async def asked(self, number: int = 1) -> Step:
        step = Step(request=Request(operator="e1", tag=str(number), parents=(candidate(0),)), messages=MESSAGES)
        await self.all.asked(step)
        return step

    async def replied(self, step: Step, reply: Completion = REPLY) -> None:
        step.completion = reply
        await self.all.replied(step)

    async def told(self, steps: list[Step], outcomes: list[Outcome]) -> None:
        for step, outcome in zip(steps, outcomes, strict=True):
            step.outcome = outcome
        await self.all.telling(steps)


def log(archive: Archive) -> list[tuple[int, object]]:
    """Places, and what stands there: the number of a request, or its outcome."""
    return [(entry.sequence, entry.number if isinstance(entry, Asked) else _shown(entry)) for entry in archive.log(1)]


def _shown(told: Told) -> object:
    outcome = told.outcome
    return (outcome.id, outcome.duplicate_of) if isinstance(outcome, Candidate) else outcome


def test_the_loop_goes_on_while_a_server_keeps_it_waiting(archive: Archive) -> None:
    """Requests have their numbers at once. None is stored, so none may be worked on, until the server has written all of them."""

    async def scenario() -> list[int]:
        writing = Writing(archive)
        first = await writing.asked()
        assert first.storing is not None
        await first.storing
        other = create_engine(archive.url)
        with other.begin() as connection:
            connection.execute(text("LOCK TABLE request IN ACCESS EXCLUSIVE MODE"))
            steps = [await writing.asked(number) for number in range(2, 12)]
            await asyncio.sleep(0.05)
            waiting = [step.storing for step in steps if step.storing is not None]
            assert len(waiting) == 10
            assert not any(each.done() for each in waiting)
        other.dispose()
        await asyncio.gather(*waiting)
        writing.writer.close()
        return [step.asked.number for step in steps]

    assert asyncio.run(scenario()) == list(range(2, 12))
    assert log(archive) == [(number, number) for number in range(1, 12)]


def test_a_burst_of_more_requests_than_numbers_were_fetched_for_has_all_its_places(archive: Archive) -> None:
    async def scenario() -> None:
        writing = Writing(archive)
        steps = [await writing.asked(number) for number in range(450)]
        await asyncio.gather(*(step.storing for step in steps if step.storing is not None))
        assert len({step.asked.id for step in steps}) == 450
        writing.writer.close()

    asyncio.run(scenario())
    assert [place for place, _ in log(archive)] == list(range(1, 451))


def test_outcomes_told_in_a_row_are_stored_as_they_would_be_one_by_one(archive: Archive) -> None:
    """A candidate that cannot be stored costs its own request only, and is not numbered; a twin cut short finds what comes before it."""
    unstorable = candidate(9, replace(evaluation(3.0), measures={"lines": float("nan")}), code_hash="n")
    outcomes: list[Outcome] = [
        candidate(9, 3.0, code_hash="a"),
        unstorable,
        Note(text="a note"),
        candidate(9, evaluation(None, status=Status.PRUNED), code_hash="a"),
        candidate(9, 2.0, code_hash="b"),
    ]

    async def scenario() -> list[Outcome]:
        writing = Writing(archive)
        steps = [await writing.asked(number) for number in range(5)]
        await asyncio.gather(*(writing.replied(step) for step in steps))
        await writing.told(steps, outcomes)
        later = await writing.asked(5)
        await writing.told([later], [candidate(9, 2.0, code_hash="b")])
        writing.writer.close()
        return [step.outcome for step in [*steps, later]]

    told = asyncio.run(scenario())
    stored = [(1, None), CAUGHT, Note(text="a note"), (2, 1), (3, None)]
    places = [*enumerate([1, 2, 3, 4, 5], start=1), *enumerate(stored, start=6), (11, 6), (12, (4, 3))]
    assert log(archive) == places
    assert [entry.outcome for entry in archive.log(1) if isinstance(entry, Told)] == told


def test_a_reply_that_cannot_be_stored_is_the_generators_fault(archive: Archive) -> None:
    async def scenario() -> None:
        writing = Writing(archive, paid=True)
        step, other = await writing.asked(1), await writing.asked(2)
        bad = replace(REPLY, cost_usd=float("inf"))
        refused, kept = await asyncio.gather(writing.replied(step, bad), writing.replied(other), return_exceptions=True)
        assert isinstance(refused, UnstorableReply)
        assert kept is None
        later = await writing.asked(3)
        await writing.told([other, step], [Note(text=""), CAUGHT])
        assert (later.asked.number, later.asked.sequence) == (3, 3)
        writing.writer.close()

    asyncio.run(scenario())
    assert log(archive) == [(1, 1), (2, 2), (3, 3), (4, Note(text="")), (5, CAUGHT)]


def test_a_connection_that_breaks_is_said_at_once(archive: Archive, postgres: PostgresServer) -> None:
    """Whoever waits hears of it, and so does the run, which need not wait for anybody."""

    async def scenario() -> None:
        writing = Writing(archive)
        step = await writing.asked()
        assert step.storing is not None
        await step.storing
        postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
            f"'{archive.url.split('@/')[1].partition('?')[0]}'"
        )
        with pytest.raises(ArchiveLost):
            await writing.replied(step)
        assert [type(error) for error in writing.errors] == [ArchiveLost]
        with pytest.raises(ArchiveLost):
            await writing.told([step], [Note(text="")])
        writing.writer.close()

    asyncio.run(scenario())
