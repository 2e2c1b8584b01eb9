"""Storing every step of a run on a server, while the loop works on others."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, Told
from evoheur.errors import EvoheurError
from evoheur.request import Failure
from evoheur.run.candidate_numbers import CandidateNumbers
from evoheur.run.step import Step, StepListener, UnstorableReply
from evoheur.run.writer_thread import WriterThread

__all__ = ["ServerWriter"]


class ServerWriter(StepListener):
    """Writes each stage of a step to an archive on a server.

    It keeps the promises that `ArchiveWriter` keeps with a file. A thread waits for the server in place of the loop. A request has its
    place in the log at once, and is stored before anybody works on it (`Step.storing`); so the requests of a burst are stored together. A
    reply is stored before anything is made of it, outcomes before anybody hears of them: those that are told in a row are stored
    together. The thread writes in the order of the log, so whatever a request depends on is stored before it.

    Args:
        archive: In a session on a server.
        run_id: Row number of the run.
        paid: Whether replies cost money, so that not even a power cut may undo them.
        numbers: Numbers the candidates.
        caught: What is told in place of an outcome that cannot be stored; says so to whoever looks on.
        failed: Hears at once when nothing can be stored any more.
    """

    def __init__(
        self,
        archive: Archive,
        run_id: int,
        *,
        paid: bool,
        numbers: CandidateNumbers,
        caught: Callable[[Step, Exception], Failure],
        failed: Callable[[EvoheurError], None],
    ) -> None:
        self._archive = archive
        self._run_id = run_id
        self._paid = paid
        self._numbers = numbers
        self._caught = caught
        self._thread = WriterThread(archive, failed)

    def close(self) -> None:
        """Write what is still to be written, and end the thread; harmless when repeated."""
        self._thread.close()

    def asked(self, step: Step) -> Awaitable[None] | None:
        """Give a request its place in the log, and have it stored there."""
        asked = self._archive.number_ask(step.request, step.messages)
        if asked is None:
            return self._asked_later(step)
        self._have_stored(step, asked)
        return None

    async def _asked_later(self, step: Step) -> None:
        while (asked := self._archive.number_ask(step.request, step.messages)) is None:
            await self._thread.written(self._archive.fetch_numbers)
        self._have_stored(step, asked)

    def _have_stored(self, step: Step, asked: Asked) -> None:
        step.asked = asked
        step.storing = self._thread.written(partial(self._archive.record_numbered_ask, self._run_id, asked, step.request))

    async def replied(self, step: Step) -> None:
        """Store a reply the moment it arrives, because it was paid for.

        Raises:
            UnstorableReply: It cannot be stored.
        """
        assert step.completion is not None, "it is set when the reply comes"
        paid = self._paid and step.request.kind.asks_model
        record = partial(self._archive.record_completion, step.asked, step.completion, paid=paid)
        try:
            step.asked = await self._thread.written(record, relaxed=not paid)
        except (TypeError, ValueError, OverflowError) as error:
            raise UnstorableReply(str(error)) from error

    async def telling(self, steps: Sequence[Step]) -> None:
        """Store outcomes, all of them in one transaction.

        One that cannot be stored as it is becomes one that can.
        """
        if not steps:
            return
        try:
            await self._store(steps)
        except EvoheurError:
            raise
        except Exception as error:  # noqa: BLE001 - the net: an outcome that nobody thought of costs one request, not the run
            if len(steps) == 1:
                steps[0].outcome = self._caught(steps[0], error)
                await self._store(steps)
                return
            for step in steps:
                await self.telling([step])

    async def _store(self, steps: Sequence[Step]) -> None:
        outcomes = [(step.asked, step.outcome, step.tried) for step in steps]

        def record() -> list[Told]:
            numbers, told = self._numbers.ahead(), []
            for asked, outcome, tried in outcomes:
                told.append(self._archive.record_tell(asked, numbers.numbered(outcome), tried=tried))
                numbers.remember(told[-1].outcome)
            return told

        for step, told in zip(steps, await self._thread.written(record), strict=True):
            step.told, step.outcome = told, told.outcome
            self._numbers.remember(told.outcome)
