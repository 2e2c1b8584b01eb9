"""The way of a request to its outcome.

Prompt, reply, code, evaluation: everything between `ask` and `tell`.
"""

import bisect
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from evoheur.candidate import UNNUMBERED, Candidate
from evoheur.code.program import code_hash
from evoheur.code.screening import screen
from evoheur.errors import EvoheurError, GenerationError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.policy_bench import PolicyBench
from evoheur.generation.generator import CallsLost, Generator
from evoheur.generation.mutation.splicing import Splicer
from evoheur.generation.parsing import ParsedReply
from evoheur.generation.reasoning import without_reasoning
from evoheur.generation.tuning.filling import Filler
from evoheur.generation.tuning.marked_space import MarkedSpace, marked_space
from evoheur.generation.tuning.tuner import Tuner
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Completion, Failure, Message, Note, Outcome, Request, RequestKind
from evoheur.run.candidate_scoring import CandidateScoring
from evoheur.run.prompt_news import PromptNews
from evoheur.run.reply_work import RawReply
from evoheur.run.step import Step, UnstorableReply
from evoheur.run.turns import Turns
from evoheur.run.workshop import Workshop
from evoheur.strategies.editing import EDITS

__all__ = ["Pipeline"]


@dataclass(kw_only=True)
class Pipeline(CandidateScoring):
    """Carries requests to outcomes, many at a time.

    Attributes:
        prompts: Renders requests.
        template_folder: The strategy's templates.
        generator: Replies.
        workshop: Reads the replies.
        seed: The run's seed.
        news: What prompts tell of the run so far.
        splicer: Writes crossed parents into prompts that show them.
        filler: Fills what replies leave open; None where they must not.
        policies: Runs search policies; None where no strategy has any.
    """

    prompts: PromptLibrary
    template_folder: str
    generator: Generator
    workshop: Workshop
    seed: int
    news: PromptNews = field(default_factory=PromptNews)
    splicer: Splicer | None = None
    filler: Filler | None = None
    policies: PolicyBench | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._turns = Turns()
        self._tuner = Tuner(seed=self.seed)
        self._beside: list[int] = []  # numbers of the requests that are none of the search, ascending

    async def close(self) -> None:
        """End all processes that it had working; harmless when repeated."""
        await self.workshop.close()
        await self.executor.close()
        if self.policies is not None:
            await self.policies.close()

    def begin_with(self, baseline: Candidate) -> None:
        """Take note of the problem's own heuristic, before the log is heard."""
        super().begin_with(baseline)
        self.news.begin_with(baseline)

    def asked(self, step: Step) -> None:
        """Take note of a request that asks the generator for nothing, and of a new epoch."""
        super().asked(step)
        self.news.asked(step)
        if not step.request.kind.is_search:
            self._beside.append(step.asked.number)

    def told(self, step: Step) -> None:
        """Take note of the best objective so far, and of what prompts tell."""
        super().told(step)
        self.news.told(step)

    def render(self, request: Request) -> tuple[Message, ...]:
        """Write the prompt for a request.

        Nothing for one that no model answers, or whose prompt an internal error keeps from being written.

        Raises:
            ConfigError: The template is faulty.
        """
        if not request.kind.asks_model:
            return ()
        try:
            return self._prompt(request)
        except EvoheurError:
            raise
        except Exception:  # noqa: BLE001 - the request is stored without a prompt, and `answer` meets the same error within the loop's net
            return ()

    def _prompt(self, request: Request) -> tuple[Message, ...]:
        shown = request if self.splicer is None else self.splicer.shown(request)
        return self.prompts.render(self.template_folder, shown, self.news.facts)

    async def answer(self, step: Step, replied: Callable[[Step], Awaitable[None]]) -> Outcome:
        """Take a step from its furthest stored stage to its outcome.

        A candidate has no number yet. Anything else that it raises is a fault of ours and caught by the run's net.

        Args:
            step: Asked, and perhaps replied.
            replied: Called when it has got its reply, and waited for, which is to be stored before anything is made of it.

        Raises:
            GeneratorRefused: No call to the generator can succeed.
            ExecutorError: Evaluation is broken.
        """
        if step.request.kind is RequestKind.RESCORING:
            return await self._rescored(step)
        if step.request.kind is RequestKind.CONSULTATION:
            return await self._consulted(step, replied)
        if step.request.kind is RequestKind.WARM_START:
            return await self._candidate(step, ParsedReply(**{name: step.request.context[name] for name in ("thought", "code")}))
        if step.completion is None:
            try:
                step.completion = await self._complete(step)
            except CallsLost as error:
                step.completion = error.completion
            except GenerationError as error:
                return Failure(stage="generation", reason=error.reason, detail=str(error), attempts=error.attempts)
            await self._turns.next()
            try:
                await replied(step)
            except UnstorableReply as error:  # its calls count all the same
                detail = f"the generator's reply cannot be stored: {error}"
                return Failure(stage="generation", reason="bad-reply", detail=detail, attempts=step.completion.attempts)
        else:
            await self._turns.next()
        read = await self._read(step.request, step.completion)
        return await self._candidate(step, await self._filled(step, read)) if isinstance(read, ParsedReply) else read

    async def _filled(self, step: Step, parsed: ParsedReply) -> ParsedReply:
        """A reply with the best of what its markers leave open; the reply as it is where it has none."""
        if self.filler is None or not step.request.kind.asks_model:
            return parsed
        space = marked_space(parsed.code)
        if not isinstance(space, MarkedSpace):
            return parsed
        train = await self.train.made(step.request.epoch)
        filled = await self.filler.fill(space, lambda code: self._objective(code, train, self._spare.claimed))
        step.tried = filled.tried
        return ParsedReply(thought=f"{parsed.thought.strip()} {filled.remark}".strip(), code=filled.code)

    async def _consulted(self, step: Step, replied: Callable[[Step], Awaitable[None]]) -> Note:
        """What a policy chose; stored like a reply, so that a resumed run goes on with the same choice."""
        if step.completion is None:
            assert self.policies is not None, "whoever assembles a run gives it a bench"
            text = await self.policies.consult(step.request.context)
            step.completion = Completion(text=text, model="policy", attempts=0)
            await replied(step)
        return Note(text=step.completion.text)

    async def _read(self, request: Request, completion: Completion) -> ParsedReply | Note | Failure:
        if completion.lost_reason:
            return Failure(stage="generation", reason=completion.lost_reason, detail=completion.text)
        if request.produces == "note":
            return Note(text=without_reasoning(completion.text, self.workshop.work.marks).strip())
        edited = None
        if EDITS in request.context:
            [parent] = request.parents
            edited = parent.code
        return await self.workshop.read(RawReply(completion.text, truncated=completion.finish == "length", edited=edited))

    async def _complete(self, step: Step) -> Completion:
        request = step.request
        if request.kind.asks_model:
            messages = step.messages or self._prompt(request)
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

    async def _candidate(self, step: Step, parsed: ParsedReply) -> Candidate:
        request = step.request
        hashed = code_hash(parsed.code)
        evaluation, original = await self._evaluation(step, hashed, parsed.code)
        return Candidate(
            id=UNNUMBERED,
            code=parsed.code,
            thought=parsed.thought,
            operator=request.operator,
            parents=tuple(parent.id for parent in request.parents),
            evaluation=evaluation,
            duplicate_of=None if original is None else original.id,
            code_hash=hashed,
            is_twin=original is not None,
        )

    def _seed_of(self, number: int) -> int:
        # Counted without what is tuned beside the search, so that the same requests get the same replies with and without it.
        ordinal = number - bisect.bisect_left(self._beside, number)
        digest = hashlib.sha256(f"{self.seed}/{ordinal}".encode()).digest()
        return int.from_bytes(digest[:4]) >> 1  # 31 bits: what endpoints take as a seed
