"""The contract of every generator, as a pytest class.

Subclass `GeneratorContract` in your own tests and let pytest collect it.

class TestMyGenerator(GeneratorContract):
    def make_generator(self, context: GeneratorContext) -> Generator:
        return MyConfig().build(context)
"""

import asyncio
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.errors import GenerationError, GeneratorRefused
from evoheur.generation.generator import Generator, GeneratorContext
from evoheur.generation.parsing import ParsedReply, parse_reply, signatures_of
from evoheur.problem import Heuristic, Instance, Json, Problem, Split
from evoheur.request import Completion, Failure, Message, Note, Outcome, Product, Request

__all__ = ["GENERATOR_CASES", "GeneratorCase", "GeneratorContract", "ToyPacking", "priority"]


def priority(item: int, bins: np.ndarray) -> np.ndarray:
    """Score the bins for an item; the item goes into the bin with the highest score.

    Args:
        item: Size of the item, at least 1.
        bins: Free space of every bin, shape (bins,), each at least `item`.

    Returns:
        One finite score per bin, shape (bins,).
    """
    return -(bins - item).astype(float)


class ToyPacking(Problem[Instance]):
    """Put one item into the bin that it leaves with the smallest gap."""

    heuristic = staticmethod(priority)
    aggregate = "mean_cost"

    def instances(self, split: Split) -> Sequence[Instance]:
        """One instance per split."""
        return [Instance(name=f"toy-{split}", family="toy")]

    def decode(self, data: Mapping[str, Json]) -> Instance:
        """Rebuild an instance."""
        return Instance(name=data["name"], family=data["family"])

    def solve(self, heuristic: Heuristic, instance: Instance, rng: np.random.Generator) -> int:  # noqa: ARG002 - one fixed item, no chance
        """The bin that the heuristic chooses.

        It is for an item of size 3 among bins with 9, 4 and 6 free.
        """
        return int(np.argmax(heuristic(3, np.array([9, 4, 6]))))

    def cost(self, instance: Instance, solution: Json) -> float:  # noqa: ARG002 - as above
        """The gap that is left."""
        return float((9, 4, 6)[solution] - 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorCase:
    """A call that the contract makes; no two cases have equal prompts."""

    messages: tuple[Message, ...]
    request: Request
    seed: int


_RULES = (
    ("Prefers the smallest gap.", "import numpy as np\n\n\ndef priority(item, bins):\n    return -(bins - item).astype(float)\n"),
    (
        "Prefers full bins, softly.",
        "import numpy as np\n\n\ndef priority(item, bins):\n    return np.exp(-0.5 * bins) + 2 * item\n",
    ),
)


def _parents(count: int) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            id=number,
            code=code,
            thought=thought,
            operator="i1",
            parents=(),
            evaluation=Evaluation(status=Status.OK, objective=4.0 + number, objective_kind="gap_percent", split="train"),
        )
        for number, (thought, code) in enumerate(_RULES[:count], start=1)
    )


def _case(operator: str, parents: int, seed: int, produces: Product = "heuristic") -> GeneratorCase:
    request = Request(operator=operator, parents=_parents(parents), produces=produces)
    shown = "\n\n".join(f"{parent.thought}\n{parent.code}" for parent in request.parents)
    text = f"Task {seed}, operator {operator}: write priority(item, bins), which scores bins for an item.\n\n{shown}"
    return GeneratorCase(messages=(Message(role="user", content=text),), request=request, seed=seed)


GENERATOR_CASES: tuple[GeneratorCase, ...] = (
    *(
        _case(operator, parents, seed=10 * number + repeat)
        for number, (operator, parents) in enumerate((("i1", 0), ("e1", 2), ("e2", 2), ("m1", 1), ("m2", 1), ("m3", 1)))
        for repeat in range(3)
    ),
    _case("reflect", 2, seed=100, produces="note"),
)
"""EoH's operators, each with three prompts and seeds, and a request for a note."""


def _outcome(case: GeneratorCase, completion: Completion) -> Outcome:
    """Make up an outcome of a reply.

    A run might have made the same of it: a note, or a candidate that is better the shorter the reply is.
    """
    if case.request.produces == "note":
        return Note(text=completion.text)
    evaluation = Evaluation(status=Status.OK, objective=float(len(completion.text)), split="train")
    operator, parents = case.request.operator, tuple(parent.id for parent in case.request.parents)
    return Candidate(id=100 + case.seed, code=_RULES[0][1], thought="", operator=operator, parents=parents, evaluation=evaluation)


class GeneratorContract(ABC):
    """The expectations; subclass it with `make_generator`.

    The class name must start with Test.
    """

    deterministic: ClassVar[bool] = True
    """Whether a fresh generator's reply depends on prompt, request and seed alone; say no for a live model."""

    @abstractmethod
    def make_generator(self, context: GeneratorContext) -> Generator:
        """A fresh generator that can answer each of `GENERATOR_CASES` once."""

    def failing_generators(self, context: GeneratorContext) -> Iterable[Generator]:  # noqa: ARG002 - the argument is for overrides
        """Generators whose every call fails.

        One for each way in which calls can fail.
        """
        return ()

    def test_replies_are_whole(self) -> None:
        """Valid fields in every completion.

        Each is of its kind and in its range.
        """
        for completion in self._one_by_one():
            assert isinstance(completion.text, str)
            assert completion.model
            assert completion.finish
            assert completion.usage.prompt_tokens >= 0
            assert completion.usage.completion_tokens >= 0
            assert completion.attempts >= 1
            assert math.isfinite(completion.seconds)
            assert completion.seconds >= 0
            assert completion.cost_usd is None or (math.isfinite(completion.cost_usd) and completion.cost_usd >= 0)

    def test_replies_can_be_parsed(self) -> None:
        """Replies that parse, whichever operator asked.

        An operator's reply yields code that defines the problem's function; a note is text.
        """
        signatures = signatures_of(ToyPacking().functions())
        for case, completion in zip(GENERATOR_CASES, self._one_by_one(), strict=True):
            if case.request.produces == "note":
                assert completion.text.strip()
            else:
                found = parse_reply(completion.text, signatures, truncated=completion.finish == "length")
                assert isinstance(found, ParsedReply), f"{case.request.operator}: {found}\n{completion.text}"

    def test_concurrent_calls_do_not_mix_up_replies(self) -> None:
        """Equal replies to calls at once and alone."""

        async def all_at_once(generator: Generator) -> list[Completion]:
            calls = (generator.complete(case.messages, case.request, seed=case.seed) for case in GENERATOR_CASES)
            return await asyncio.gather(*calls)

        together = [completion.text for completion in self._use(all_at_once)]
        assert len(together) == len(GENERATOR_CASES)
        if self.deterministic:
            alone = [completion.text for completion in self._one_by_one()]
            assert len(set(alone)) > 1, "all replies are the same, so this test would see no mix-up"
            assert together == alone

    def test_equal_calls_get_equal_replies(self) -> None:
        """Equal replies of fresh generators, where promised."""
        if self.deterministic:
            assert [c.text for c in self._one_by_one()] == [c.text for c in self._one_by_one()]

    def test_it_takes_every_outcome_of_its_replies(self) -> None:
        """Outcomes of all kinds, taken without an error.

        A candidate, a note and both kinds of failures can be learnt from, also where no reply came.
        """

        async def learn_all(generator: Generator) -> None:
            for case in GENERATOR_CASES:
                completion = await generator.complete(case.messages, case.request, seed=case.seed)
                generator.learn(case.request, _outcome(case, completion), completion)
                generator.learn(case.request, Failure(stage="parsing", reason="no-code", detail="no code"), completion)
                generator.learn(case.request, Failure(stage="generation", reason="timeout", detail="none came", attempts=1), None)

        self._use(learn_all)

    def test_what_it_learnt_is_known_again_after_a_replay(self) -> None:
        """A fresh generator that goes on after a replay.

        Told the same outcomes, it goes on as the one that gave the replies, as a resumed run needs it.
        """
        if not self.deterministic:
            return

        async def go_on(generator: Generator, stop: int) -> tuple[list[Completion], Completion]:
            replies = []
            for case in GENERATOR_CASES[:stop]:
                replies.append(await generator.complete(case.messages, case.request, seed=case.seed))
                generator.learn(case.request, _outcome(case, replies[-1]), replies[-1])
            case = GENERATOR_CASES[stop]
            return replies, await generator.complete(case.messages, case.request, seed=case.seed)

        async def replay(generator: Generator, replies: Sequence[Completion], stop: int) -> Completion:
            for case, completion in zip(GENERATOR_CASES, replies, strict=False):
                generator.learn(case.request, _outcome(case, completion), completion)
            case = GENERATOR_CASES[stop]
            return await generator.complete(case.messages, case.request, seed=case.seed)

        for stop in (1, len(GENERATOR_CASES) // 2, len(GENERATOR_CASES) - 1):
            replies, expected = self._use(partial(go_on, stop=stop))
            resumed = self._use(partial(replay, replies=replies, stop=stop))
            assert (resumed.text, resumed.model) == (expected.text, expected.model), f"after {stop} outcomes"

    def test_errors_are_of_the_two_kinds(self) -> None:
        """Failures that say why and what to do.

        A call that fails also says how many calls it cost; anything else that is raised fails this test.
        """

        async def fail(generator: Generator) -> None:
            case = GENERATOR_CASES[0]
            with pytest.raises((GenerationError, GeneratorRefused)) as caught:
                await generator.complete(case.messages, case.request, seed=case.seed)
            assert str(caught.value)
            if isinstance(caught.value, GenerationError):
                assert caught.value.reason
                assert caught.value.attempts >= 1

        for generator in self.failing_generators(self._context()):
            asyncio.run(_closing(generator, fail))

    def test_closing_is_harmless(self) -> None:
        """Closing a generator unused, used, and twice."""

        async def close_twice(generator: Generator) -> None:
            await generator.close()
            await generator.close()

        self._use(close_twice)

        async def use_and_close(generator: Generator) -> None:
            case = GENERATOR_CASES[0]
            await generator.complete(case.messages, case.request, seed=case.seed)
            await close_twice(generator)

        self._use(use_and_close)

    def test_it_says_whether_it_is_online(self) -> None:
        """Whether the generator says that it is online.

        The isolation level that a run may have depends on it.
        """

        async def online(generator: Generator) -> object:
            return generator.online

        assert isinstance(self._use(online), bool)

    def _context(self) -> GeneratorContext:
        return GeneratorContext(problem=ToyPacking())

    def _use(self, scenario: Any) -> Any:
        return asyncio.run(_closing(self.make_generator(self._context()), scenario))

    def _one_by_one(self) -> list[Completion]:
        async def in_turn(generator: Generator) -> list[Completion]:
            return [await generator.complete(case.messages, case.request, seed=case.seed) for case in GENERATOR_CASES]

        completions: list[Completion] = self._use(in_turn)
        return completions


async def _closing(generator: Generator, scenario: Any) -> Any:
    try:
        return await scenario(generator)
    finally:
        await generator.close()
