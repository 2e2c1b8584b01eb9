"""Where replies are bred and read: in the run's own process at first, and beside its loop once that pays."""

import os
import time
from collections.abc import Callable, Sequence

from evoheur.code.program import note_facts
from evoheur.generation.mutation.breeding import Offspring, Parent, Stuck
from evoheur.generation.parsing import ParsedReply
from evoheur.request import Failure
from evoheur.run.breeding_messages import Answer, Job
from evoheur.run.breeding_process import BreedingProcess
from evoheur.run.reply_work import Bred, BreedingJob, Finding, RawReply, ReplyWork
from evoheur.variation import Variation

__all__ = ["Workshop", "processors_allowed"]

_SLOWEST = 0.2  # seconds between two replies, up to which a second processor is worth its memory
_READINGS = 2048  # that nobody has asked for yet; twice as many as can be under way


def processors_allowed() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


class Workshop:
    """Breeds and reads for a run.

    The breeding process is started after some replies in quick succession, so that short and slow runs do without it, and while it starts
    nothing waits for it. What comes out is the same wherever it is done.

    Attributes:
        work: What is done.

    Args:
        work: As the attribute.
        after: Replies until the breeding process is started, if there are five a second or more; None for never.
        clock: Seconds that only move forward.
    """

    def __init__(self, work: ReplyWork, *, after: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.work = work
        self._after = after
        self._clock = clock
        self._counted = 0
        self._since = clock()
        self._process: BreedingProcess | None = None
        self._readings: dict[str, Finding] = {}  # of replies that were bred beside the loop, by their text

    @property
    def process(self) -> BreedingProcess | None:
        """The breeding process; None before it is started."""
        return self._process

    def start(self) -> BreedingProcess:
        """Start the breeding process, unless that is done."""
        if self._process is None:
            self._process = BreedingProcess(self.work, os.environ)
            self._process.start()
        return self._process

    async def read(self, reply: RawReply) -> ParsedReply | Failure:
        """Find thought and code in a reply, or why there are none.

        Raises:
            BreedingProcessLost: The breeding process ends at it.
        """
        if self._process is None and self._after is not None:
            self._count(self._after)
        whole = reply.edited is None and not reply.truncated
        finding = self._readings.pop(reply.text, None) if whole else None
        if finding is None:
            answer = await self._answer(reply)
            if not isinstance(answer, Finding):
                return self.work.read(reply)
            finding = answer
        if isinstance(finding.found, ParsedReply) and finding.facts is not None:
            note_facts(finding.found.code, finding.facts)
        return finding.found

    async def breed(self, variation: Variation, parents: Sequence[Parent], seed: int) -> Offspring:
        """Breed a heuristic.

        Raises:
            Stuck: Nothing came of many draws.
            BreedingProcessLost: The breeding process ends at it.
        """
        answer = await self._answer(BreedingJob(variation, tuple(parents), seed))
        if isinstance(answer, str):
            raise Stuck(answer)
        if not isinstance(answer, Bred):
            return self.work.breed(variation, parents, seed)
        self._readings[answer.offspring.reply] = answer.finding
        if len(self._readings) > _READINGS:
            del self._readings[next(iter(self._readings))]
        return answer.offspring

    async def close(self) -> None:
        """End the breeding process; harmless when repeated."""
        if self._process is not None:
            await self._process.close()

    async def _answer(self, job: Job) -> Answer:
        """The answer of the breeding process; None where this one does it."""
        if self._process is None or not self._process.ready:
            return None
        return await self._process.ask(job)

    def _count(self, after: int) -> None:
        """Count a reply, and start the process if so many came fast enough; else count anew."""
        self._counted += 1
        if self._counted <= after:
            return
        if self._clock() - self._since <= self._counted * _SLOWEST:
            self.start()
        self._counted, self._since = 0, self._clock()
