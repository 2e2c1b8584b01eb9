"""The way of a request to its outcome.

Prompt, reply, code, evaluation: everything between `ask` and `tell`.
"""

import asyncio
import bisect
import hashlib
import math
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from evoheur.candidate import UNNUMBERED, Candidate, Evaluation, Status
from evoheur.code.program import code_hash, measures
from evoheur.code.screening import ScreenConfig, screen
from evoheur.code.signature import FunctionSignature
from evoheur.errors import EvoheurError, GenerationError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.scale_probe import LOOKED_AT
from evoheur.generation.generator import Generator
from evoheur.generation.parsing import ParsedReply, parse_reply
from evoheur.generation.regions import without_reasoning
from evoheur.generation.tuning.tuner import Tuner
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Completion, Failure, Message, Note, Outcome, Request, RequestKind, Rescored
from evoheur.run.spare_slots import SpareSlots
from evoheur.run.step import Step, StepListener, UnstorableReply

__all__ = ["Pipeline"]


class _Training(Protocol):
    """The part of `TrainEpochs` that a pipeline needs."""

    @property
    def own(self) -> InstanceSet: ...

    async def made(self, epoch: int) -> InstanceSet: ...


@dataclass(frozen=True, slots=True)
class _Shared:
    """An evaluation shared by candidates of the same code.

    With the bound from which on it was cut short.
    """

    running: asyncio.Future[Evaluation]
    bound: float | None

    def is_out_for(self, bound: float | None) -> bool:
        """Whether it is out for a request with this bound.

        Being cut short, it is if this bound is no higher than its own.
        """
        return bound is not None and self.bound is not None and bound <= self.bound


@dataclass(kw_only=True)
class Pipeline(StepListener):
    """Carries requests to outcomes, many at a time.

    It hears of all steps, because what it does with a request depends on those that were asked and told before.

    Attributes:
        prompts: Renders requests.
        template_folder: The strategy's templates.
        generator: Replies.
        signatures: What a reply must define.
        screen: What is turned away unrun.
        executor: Evaluates.
        train: The training instances of every epoch, a `TrainEpochs`.
        epoch: The newest epoch that anything was asked in.
        seed: The run's seed.
        racing: Whether an evaluation may stop early where its outcome cannot matter any more.
        scale_probe: Whether what may become the best is tried under the symmetries of the problem.
    """

    hears_log = True

    prompts: PromptLibrary
    template_folder: str
    generator: Generator
    signatures: tuple[FunctionSignature, ...]
    screen: ScreenConfig
    executor: Executor
    train: _Training
    seed: int
    racing: bool = True
    scale_probe: bool = True

    def __post_init__(self) -> None:
        self.epoch = 0
        self._evaluations: dict[tuple[str, bool, bool], _Shared] = {}  # of this epoch, by hash and which of the probes there was
        self._spare = SpareSlots(self.executor.slots)
        self._tuner = Tuner(seed=self.seed)
        self._beside: list[int] = []  # numbers of the requests that are none of the search, ascending
        self._bests: list[tuple[int, float]] = []  # when the best so far changed, by the log's sequence, and to which objective

    def render(self, request: Request) -> tuple[Message, ...]:
        """Write the prompt for a request.

        Nothing for one that no model answers, or whose prompt an internal error keeps from being written.

        Raises:
            ConfigError: The template is faulty.
        """
        if not request.kind.asks_model:
            return ()
        try:
            return self.prompts.render(self.template_folder, request)
        except EvoheurError:
            raise
        except Exception:  # noqa: BLE001 - the request is stored without a prompt, and `answer` meets the same error within the loop's net
            return ()

    def remember(self, candidate: Candidate) -> None:
        """Share a logged evaluation with later candidates.

        Those of the same code; except an evaluation that a probe may have failed. Such a one has no results, and the code is OK for
        requests that do not ask for a probe. One that was cut short is not shared either.
        """
        evaluation = candidate.evaluation
        if not evaluation.results or evaluation.status is Status.PRUNED:
            return
        self._enter(evaluation.epoch)
        if evaluation.epoch != self.epoch:
            return
        known: asyncio.Future[Evaluation] = asyncio.get_running_loop().create_future()
        known.set_result(evaluation)
        self._evaluations[candidate.code_hash, False, False] = _Shared(known, None)

    def asked(self, step: Step) -> None:
        """Take note of a request that asks the generator for nothing, and of a new epoch."""
        self._enter(step.request.epoch)
        if not step.request.kind.is_search:
            self._beside.append(step.asked.number)

    def told(self, step: Step) -> None:
        """Take note of the best objective so far.

        So candidates that cannot be the best any more are not probed. What is tuned beside the search does not count, since the search
        must go the same way without it. What is scored again does, but for the problem's own heuristic.
        """
        objective = None
        if isinstance(step.outcome, Candidate) and step.request.kind.is_search:
            objective = step.outcome.objective
        elif isinstance(step.outcome, Rescored) and step.outcome.candidate.id:
            objective = step.outcome.candidate.objective
        if step.request.epoch != self.epoch:  # of an earlier epoch, heard again from the log
            return
        if objective is not None and (not self._bests or objective < self._bests[-1][1]):
            self._bests.append((step.told.sequence, objective))

    async def answer(self, step: Step, replied: Callable[[Step], None]) -> Outcome:
        """Take a step from its furthest stored stage to its outcome.

        A candidate has no number yet. Anything else that it raises is a fault of ours and caught by the run's net.

        Args:
            step: Asked, and perhaps replied.
            replied: Called when it has got its reply, which is to be stored before anything is made of it.

        Raises:
            GeneratorRefused: No call to the generator can succeed.
            ExecutorError: Evaluation is broken.
        """
        if step.request.kind is RequestKind.RESCORING:
            return await self._rescored(step)
        if step.request.kind is RequestKind.WARM_START:
            return await self._candidate(step, ParsedReply(**{name: step.request.context[name] for name in ("thought", "code")}))
        if step.completion is None:
            try:
                step.completion = await self._complete(step)
            except GenerationError as error:
                return Failure(stage="generation", reason=error.reason, detail=str(error), attempts=error.attempts)
            try:
                replied(step)
            except UnstorableReply as error:  # its calls count all the same
                detail = f"the generator's reply cannot be stored: {error}"
                return Failure(stage="generation", reason="bad-reply", detail=detail, attempts=step.completion.attempts)
        if step.request.produces == "note":
            return Note(text=without_reasoning(step.completion.text).strip())
        parsed = parse_reply(step.completion.text, self.signatures, truncated=step.completion.finish == "length")
        return parsed if isinstance(parsed, Failure) else await self._candidate(step, parsed)

    async def _complete(self, step: Step) -> Completion:
        request = step.request
        if request.kind.asks_model:
            messages = step.messages or self.prompts.render(self.template_folder, request)
            return await self.generator.complete(messages, request, seed=self._seed_of(step.asked.number))
        slot = self._spare.claimed if request.kind.is_search else self._spare.idle
        train = await self.train.made(request.epoch)
        return await self._tuner.complete(request, lambda code: self._objective(code, train, slot))

    async def _objective(
        self, code: str, train: InstanceSet, slot: Callable[[], AbstractAsyncContextManager[None]]
    ) -> float | None:
        if screen(code, self.screen) is not None:
            return None
        async with slot():
            return (await self.executor.evaluate(EvaluationTask(code=code, instances=train))).objective

    async def _rescored(self, step: Step) -> Rescored:
        """Score a known heuristic on the instances of an epoch.

        Whatever may become the best there is probed, so all are.
        """
        [candidate] = step.request.parents
        train = await self.train.made(step.request.epoch)
        scored = await self._shared_evaluation(candidate.code_hash, EvaluationTask(code=candidate.code, instances=train))
        if scored.status is Status.OK:
            scored = await self._probed_as_needed(candidate.code_hash, candidate.code, scored, train)
        return Rescored(candidate=replace(candidate, evaluation=scored))

    async def _candidate(self, step: Step, parsed: ParsedReply) -> Candidate:
        request = step.request
        hashed = code_hash(parsed.code)
        return Candidate(
            id=UNNUMBERED,
            code=parsed.code,
            thought=parsed.thought,
            operator=request.operator,
            parents=tuple(parent.id for parent in request.parents),
            evaluation=await self._evaluation(step, hashed, parsed.code),
            code_hash=hashed,
        )

    async def _evaluation(self, step: Step, hashed: str, code: str) -> Evaluation:
        train = await self.train.made(step.request.epoch)
        reason = screen(code, self.screen)
        if reason is not None:
            return Evaluation(
                status=Status.REJECTED,
                objective=None,
                split=train.split,
                epoch=train.epoch,
                measures=measures(code),
                level=self.executor.level,
                detail=reason,
            )
        task = EvaluationTask(code=code, instances=train, bound=step.request.bound if self.racing else None)
        evaluation = await self._shared_evaluation(hashed, task)
        if evaluation.objective is None or evaluation.objective >= self._to_beat(step):
            return evaluation
        return await self._probed_as_needed(hashed, code, evaluation, train)

    async def _probed_as_needed(self, hashed: str, code: str, scored: Evaluation, train: InstanceSet) -> Evaluation:
        """The evaluation of what may be the best, after the probes that the problem calls for."""
        evaluation = scored
        if train.online:
            evaluation = await self._probed_evaluation(hashed, code, evaluation, train)
        if train.symmetric and self.scale_probe and evaluation.status is Status.OK:
            evaluation = await self._evaluation_in_other_units(hashed, code, evaluation, train)
        return evaluation

    def _to_beat(self, step: Step) -> float:
        """The objective below which a candidate must be probed.

        It is probed before it is told. Whoever is the best so far when it is told has beaten all that were told before it was asked
        for, its parents among them. Looking at those only finds every such candidate, and does not depend on what else is finished by
        now, so that a run can be repeated.
        """
        earlier = bisect.bisect_left(self._bests, step.asked.sequence, key=lambda best: best[0])
        best = [objective for _, objective in self._bests[:earlier][-1:]]
        comparable = [parent for parent in step.request.parents if parent.evaluation.epoch == step.request.epoch]
        parents = [parent.objective for parent in comparable if parent.objective is not None]
        return min([*best, *parents], default=math.inf)

    async def _probed_evaluation(self, hashed: str, code: str, scored: Evaluation, train: InstanceSet) -> Evaluation:
        probed = await self._shared_evaluation(hashed, EvaluationTask(code=code, instances=train, probe=True))
        if probed.status is not Status.OK:
            return probed
        for before, now in zip(scored.results, probed.results, strict=True):
            if before.cost != now.cost:
                detail = f"not repeatable: {before.instance} cost {before.cost} and, the second time, {now.cost}"
                return replace(scored, status=Status.ERROR, objective=None, objective_kind=None, results=(), detail=detail)
        return scored

    async def _evaluation_in_other_units(self, hashed: str, code: str, scored: Evaluation, train: InstanceSet) -> Evaluation:
        task = EvaluationTask(code=code, instances=train.few(LOOKED_AT), scale_probe=True)
        tried = await self._shared_evaluation(hashed, task)
        return scored if tried.status is Status.OK else replace(tried, results=())

    async def _shared_evaluation(self, hashed: str, task: EvaluationTask[InstanceSet]) -> Evaluation:
        # The same code twice is evaluated once, also when both are in flight: the second waits for the first. Which of the two
        # evaluations of a code a request gets depends on the request alone, or runs would differ by what is finished first.
        key = hashed, task.probe, task.scale_probe
        shared = self._evaluations.get(key)
        if shared is not None:
            evaluation = await asyncio.shield(shared.running)
            if evaluation.status is not Status.PRUNED or shared.is_out_for(task.bound):
                return evaluation
        running = asyncio.ensure_future(self._claiming(task))
        self._evaluations[key] = _Shared(running, task.bound)
        try:
            return await asyncio.shield(running)
        except Exception:
            self._evaluations.pop(key, None)  # an error of ours is no property of the code, so the next one tries anew
            raise

    async def _claiming(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        async with self._spare.claimed():
            return await self.executor.evaluate(task)

    def _enter(self, epoch: int) -> None:
        # With fresh instances nothing that was scored on others compares; nothing of an earlier epoch is in flight by then.
        if epoch > self.epoch:
            self.epoch = epoch
            self._evaluations.clear()
            self._bests.clear()

    def _seed_of(self, number: int) -> int:
        # Counted without what is tuned beside the search, so that the same requests get the same replies with and without it.
        ordinal = number - bisect.bisect_left(self._beside, number)
        digest = hashlib.sha256(f"{self.seed}/{ordinal}".encode()).digest()
        return int.from_bytes(digest[:4]) >> 1  # 31 bits: what endpoints take as a seed
