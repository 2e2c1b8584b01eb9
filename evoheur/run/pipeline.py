"""From a request to its outcome: prompt, reply, code, evaluation. Everything between `ask` and `tell`."""

import asyncio
import bisect
import hashlib
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.errors import EvoheurError, GenerationError
from evoheur.evaluation.executor import Executor
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.screening import ScreenConfig, code_hash, measures, screen
from evoheur.generation.generator import Generator
from evoheur.generation.parsing import ParsedReply, parse_reply
from evoheur.generation.regions import without_reasoning
from evoheur.generation.signature import FunctionSignature
from evoheur.generation.tuning.tuner import Tuner
from evoheur.prompts.render import PromptLibrary
from evoheur.request import TUNE, Completion, Failure, Message, Note, Request
from evoheur.run.spare import SpareSlots

__all__ = ["Answer", "Evaluated", "Pipeline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A candidate that has no number yet: it gets one when the strategy is told."""

    code: str
    thought: str
    code_hash: str
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class _Shared:
    """An evaluation that all candidates of the same code share, and the bound from which on it was cut short."""

    running: asyncio.Future[Evaluation]
    bound: float | None

    def is_out_for(self, bound: float | None) -> bool:
        """Whether, being cut short, it is out of the question for a request with this bound too."""
        return bound is not None and self.bound is not None and bound <= self.bound


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
        racing: Whether an evaluation may stop early where its outcome cannot matter any more.
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
    racing: bool = True
    replied: Callable[[Asked], None] = lambda _asked: None

    def __post_init__(self) -> None:
        self._evaluations: dict[tuple[str, bool], _Shared] = {}  # by hash and whether it was probed
        self._spare = SpareSlots(self.executor.slots)
        self._tuner = Tuner(self._objective, seed=self.seed)
        self._tunings: list[int] = []  # numbers of the requests that tune beside the search, ascending
        self._bests: list[tuple[int, float]] = []  # when the best so far changed, by the log's sequence, and to which objective

    def render(self, request: Request) -> tuple[Message, ...]:
        """The prompt for a request; nothing for one that no model answers, or whose prompt an internal error keeps from being written.

        Raises:
            ConfigError: The template is faulty.
        """
        if request.produces == "tuning":
            return ()
        try:
            return self.prompts.render(self.template_folder, request)
        except EvoheurError:
            raise
        except Exception:  # noqa: BLE001 - the request is stored without a prompt, and `answer` meets the same error within the loop's net
            return ()

    def remember(self, hashed: str, evaluation: Evaluation) -> None:
        """Share an evaluation from the log with later candidates of the same code, except one that a probe may have failed.

        Such a one has no results, and the code is OK for requests that do not ask for a probe. One that was cut short is not shared either.
        """
        if not evaluation.results or evaluation.status is Status.PRUNED:
            return
        known: asyncio.Future[Evaluation] = asyncio.get_running_loop().create_future()
        known.set_result(evaluation)
        self._evaluations[hashed, False] = _Shared(known, None)

    def asked(self, asked: Asked) -> None:
        """Take note of a request in the log, oldest first."""
        if asked.operator == TUNE:
            self._tunings.append(asked.number)

    def told(self, step: Told) -> None:
        """Take note of an outcome in the log, oldest first, so that candidates that cannot be the best any more are not probed.

        What is tuned beside the search does not count, since the search must go the same way without it.
        """
        bred = isinstance(step.outcome, Candidate) and step.asked.operator != TUNE
        objective = step.outcome.objective if isinstance(step.outcome, Candidate) and bred else None
        if objective is not None and (not self._bests or objective < self._bests[-1][1]):
            self._bests.append((step.sequence, objective))

    async def answer(self, asked: Asked, request: Request) -> Answer:
        """Take a request from its furthest stored stage to its end.

        Anything else that it raises is a fault of ours and caught by the loop's net.

        Raises:
            GeneratorRefused: No call to the generator can succeed.
            ExecutorError: Evaluation is broken.
        """
        completion = asked.completion
        if completion is None:
            try:
                completion = await self._complete(asked, request)
            except GenerationError as error:
                return Failure(stage="generation", reason=error.reason, detail=str(error), attempts=error.attempts)
            paid = self.generator.online and request.produces != "tuning"
            try:
                stored = self.archive.record_completion(asked, completion, paid=paid)
            except (TypeError, ValueError, OverflowError) as error:  # only a generator from elsewhere sends such; its calls count
                detail = f"the generator's reply cannot be stored: {error}"
                return Failure(stage="generation", reason="bad-reply", detail=detail, attempts=completion.attempts)
            self.replied(stored)
        if request.produces == "note":
            return Note(text=without_reasoning(completion.text).strip())
        parsed = parse_reply(completion.text, self.signatures, truncated=completion.finish == "length")
        if isinstance(parsed, Failure):
            return parsed
        bound = request.bound if self.racing else None
        return await self._evaluate(parsed, to_beat=self._to_beat(asked, request), bound=bound)

    async def _complete(self, asked: Asked, request: Request) -> Completion:
        if request.produces != "tuning":
            messages = asked.messages or self.prompts.render(self.template_folder, request)
            return await self.generator.complete(messages, request, seed=self._seed_of(asked))
        return await self._tuner.complete(request, self._objective_when_idle if request.operator == TUNE else None)

    async def _objective(self, code: str) -> float | None:
        if screen(code, self.screen) is not None:
            return None
        async with self._spare.claimed():
            return (await self.executor.evaluate(code, self.train)).objective

    async def _objective_when_idle(self, code: str) -> float | None:
        if screen(code, self.screen) is not None:
            return None
        async with self._spare.idle():
            return (await self.executor.evaluate(code, self.train)).objective

    async def _evaluate(self, parsed: ParsedReply, *, to_beat: float, bound: float | None) -> Evaluated:
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
            evaluation = await self._shared_evaluation(hashed, parsed.code, bound=bound)
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
        probed = await self._shared_evaluation(hashed, code, probe=True, bound=None)
        if probed.status is not Status.OK:
            return probed
        for before, now in zip(scored.results, probed.results, strict=True):
            if before.cost != now.cost:
                detail = f"not repeatable: {before.instance} cost {before.cost} and, the second time, {now.cost}"
                return replace(scored, status=Status.ERROR, objective=None, objective_kind=None, results=(), detail=detail)
        return scored

    async def _shared_evaluation(self, hashed: str, code: str, *, bound: float | None, probe: bool = False) -> Evaluation:
        # The same code twice is evaluated once, also when both are in flight: the second waits for the first. Which of the two
        # evaluations of a code a request gets depends on the request alone, or runs would differ by what is finished first.
        shared = self._evaluations.get((hashed, probe))
        if shared is not None:
            evaluation = await asyncio.shield(shared.running)
            if evaluation.status is not Status.PRUNED or shared.is_out_for(bound):
                return evaluation
        running = asyncio.ensure_future(self._claiming(self.executor.evaluate(code, self.train, probe=probe, bound=bound)))
        self._evaluations[hashed, probe] = _Shared(running, bound)
        try:
            return await asyncio.shield(running)
        except Exception:
            self._evaluations.pop(
                (hashed, probe), None
            )  # an error of ours is no property of the code, so the next one tries anew
            raise

    async def _claiming(self, evaluation: Awaitable[Evaluation]) -> Evaluation:
        async with self._spare.claimed():
            return await evaluation

    def _seed_of(self, asked: Asked) -> int:
        # Counted without what is tuned beside the search, so that the same requests get the same replies with and without it.
        ordinal = asked.number - bisect.bisect_left(self._tunings, asked.number)
        digest = hashlib.sha256(f"{self.seed}/{ordinal}".encode()).digest()
        return int.from_bytes(digest[:4]) >> 1  # 31 bits: what endpoints take as a seed
