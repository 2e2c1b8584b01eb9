"""From a request to its outcome: prompt, reply, code, evaluation. Everything between `ask` and `tell`."""

import asyncio
import bisect
import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.errors import GenerationError
from evoheur.evaluation.executor import Executor
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.screening import ScreenConfig, code_hash, measures, screen
from evoheur.generation.generator import Generator
from evoheur.generation.parsing import ParsedReply, parse_reply
from evoheur.generation.signature import FunctionSignature
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Failure, Message, Note, Request

__all__ = ["Answer", "Evaluated", "Pipeline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A candidate that has no number yet: it gets one when the strategy is told."""

    code: str
    thought: str
    code_hash: str
    evaluation: Evaluation


Answer: TypeAlias = Evaluated | Note | Failure


@dataclass(kw_only=True)
class Pipeline:
    """Carries requests to answers, many at a time.

    Attributes:
        prompts: Renders requests.
        template_folder: The strategy's templates.
        generator: Replies.
        signatures: What a reply must define.
        screen: What is turned away unrun.
        executor: Evaluates.
        train: The training instances.
        archive: Replies are stored the moment they arrive, because they were paid for.
        seed: The run's seed.
        replied: Called when a reply is in the archive; the loop sets it.
    """

    prompts: PromptLibrary
    template_folder: str
    generator: Generator
    signatures: tuple[FunctionSignature, ...]
    screen: ScreenConfig
    executor: Executor
    train: InstanceSet
    archive: Archive
    seed: int
    replied: Callable[[Asked], None] = lambda _asked: None

    def __post_init__(self) -> None:
        self._evaluations: dict[tuple[str, bool], asyncio.Future[Evaluation]] = {}  # by hash and whether it was probed
        self._bests: list[tuple[int, float]] = []  # when the best so far changed, by the log's sequence, and to which objective

    def render(self, request: Request) -> tuple[Message, ...]:
        """The prompt for a request."""
        return self.prompts.render(self.template_folder, request)

    def remember(self, hashed: str, evaluation: Evaluation) -> None:
        """Share an evaluation from the log with later candidates of the same code, except one that a probe may have failed.

        Such a one has no results, and the code is OK for requests that do not ask for a probe.
        """
        if not evaluation.results:
            return
        known: asyncio.Future[Evaluation] = asyncio.get_running_loop().create_future()
        known.set_result(evaluation)
        self._evaluations[hashed, False] = known

    def told(self, step: Told) -> None:
        """Take note of an outcome in the log, oldest first, so that candidates that cannot be the best any more are not probed."""
        objective = step.outcome.objective if isinstance(step.outcome, Candidate) else None
        if objective is not None and (not self._bests or objective < self._bests[-1][1]):
            self._bests.append((step.sequence, objective))

    async def answer(self, asked: Asked, request: Request) -> Answer:
        """Take a request from its furthest stored stage to its end.

        Raises:
            GeneratorRefused: No call to the generator can succeed.
            ExecutorError: Evaluation is broken.
        """
        completion = asked.completion
        if completion is None:
            try:
                completion = await self.generator.complete(asked.messages, request, seed=self._seed_of(asked))
            except GenerationError as error:
                return Failure(stage="generation", reason=error.reason, detail=str(error), attempts=error.attempts)
            self.replied(self.archive.record_completion(asked, completion, paid=self.generator.online))
        if request.produces == "note":
            return Note(text=completion.text)
        parsed = parse_reply(completion.text, self.signatures, truncated=completion.finish == "length")
        if isinstance(parsed, Failure):
            return parsed
        return await self._evaluate(parsed, to_beat=self._to_beat(asked, request))

    async def _evaluate(self, parsed: ParsedReply, *, to_beat: float) -> Evaluated:
        hashed = code_hash(parsed.code)
        reason = screen(parsed.code, self.screen)
        if reason is not None:
            evaluation = Evaluation(
                status=Status.REJECTED,
                objective=None,
                split=self.train.split,
                measures=measures(parsed.code),
                level=self.executor.level,
                detail=reason,
            )
        else:
            evaluation = await self._shared_evaluation(hashed, parsed.code, probe=False)
            if self.train.online and evaluation.objective is not None and evaluation.objective < to_beat:
                evaluation = await self._probed_evaluation(hashed, parsed.code, evaluation)
        return Evaluated(code=parsed.code, thought=parsed.thought, code_hash=hashed, evaluation=evaluation)

    def _to_beat(self, asked: Asked, request: Request) -> float:
        """The objective below which a candidate must be probed before it is told.

        Whoever is the best so far when it is told has beaten all that were told before it was asked for, its parents among them. Looking
        at those only finds every such candidate, and does not depend on what else is finished by now, so that a run can be repeated.
        """
        earlier = bisect.bisect_left(self._bests, asked.sequence, key=lambda best: best[0])
        best = [objective for _, objective in self._bests[:earlier][-1:]]
        parents = [parent.objective for parent in request.parents if parent.objective is not None]
        return min([*best, *parents], default=math.inf)

    async def _probed_evaluation(self, hashed: str, code: str, scored: Evaluation) -> Evaluation:
        probed = await self._shared_evaluation(hashed, code, probe=True)
        if probed.status is not Status.OK:
            return probed
        for before, now in zip(scored.results, probed.results, strict=True):
            if before.cost != now.cost:
                detail = f"not repeatable: {before.instance} cost {before.cost} and, the second time, {now.cost}"
                return replace(scored, status=Status.ERROR, objective=None, results=(), detail=detail)
        return scored

    async def _shared_evaluation(self, hashed: str, code: str, *, probe: bool) -> Evaluation:
        # The same code twice is evaluated once, also when both are in flight: the second waits for the first. Which of the two
        # evaluations of a code a request gets depends on the request alone, or runs would differ by what is finished first.
        running = self._evaluations.get((hashed, probe))
        if running is None:
            running = asyncio.ensure_future(self.executor.evaluate(code, self.train, probe=probe))
            self._evaluations[hashed, probe] = running
        return await asyncio.shield(running)

    def _seed_of(self, asked: Asked) -> int:
        digest = hashlib.sha256(f"{self.seed}/{asked.number}".encode()).digest()
        return int.from_bytes(digest[:4]) >> 1  # 31 bits: what endpoints take as a seed
