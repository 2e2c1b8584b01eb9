"""The generators' contract fails generators that break it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest

from evoheur.candidate import Candidate
from evoheur.generation.generator import Generator, GeneratorContext
from evoheur.problem import Heuristic
from evoheur.request import Completion, Message, Outcome, Request
from evoheur.testing.generator_contract import GENERATOR_CASES, GeneratorContract, ToyPacking, priority

GOOD = "```python\ndef priority(item, bins):\n    return {} * bins\n```"


class Scripted(Generator):
    """Answers by a rule of the seed and the number of calls so far."""

    online = False

    def __init__(self, rule: Callable[[int, int], Completion]) -> None:
        self._rule = rule
        self._calls = 0

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        self._calls += 1
        await asyncio.sleep(0)
        return self._rule(seed, self._calls)

    async def close(self) -> None:
        """Nothing to release."""


class Bandit(Scripted):
    """Answers by one of two rules, of which it likes the one that was told the better candidates."""

    def __init__(self, *, forgetful: bool) -> None:
        super().__init__(lambda seed, _calls: Completion(text=GOOD.format(seed), model="unused"))
        self._best: dict[str, float] = {"one": 1e9, "two": 1e9}
        self._forgetful = forgetful

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        await super().complete(messages, request, seed=seed)
        model = min(self._best, key=lambda name: (self._best[name], name))
        if self._forgetful:  # counts its own calls, which a resumed run does not repeat
            model = "one" if self._calls % 2 else "two"
        return Completion(text=GOOD.format(seed + len(model)), model=model)

    def learn(self, request: Request, outcome: Outcome, completion: Completion | None) -> None:
        if completion is not None and isinstance(outcome, Candidate) and outcome.objective is not None:
            self._best[completion.model] = outcome.objective + 1


class BanditContract(GeneratorContract):
    """The contract over a bandit."""

    def __init__(self, *, forgetful: bool) -> None:
        self._forgetful = forgetful

    def make_generator(self, context: GeneratorContext) -> Generator:
        return Bandit(forgetful=self._forgetful)


def test_a_generator_that_learns_by_outcomes_passes() -> None:
    contract = BanditContract(forgetful=False)
    contract.test_it_takes_every_outcome_of_its_replies()
    contract.test_what_it_learnt_is_known_again_after_a_replay()


def test_a_generator_that_remembers_its_calls_is_found_out() -> None:
    """After a resume it would answer otherwise than the run that was not stopped."""
    with pytest.raises(AssertionError, match="after 1 outcomes"):
        BanditContract(forgetful=True).test_what_it_learnt_is_known_again_after_a_replay()


class Contract(GeneratorContract):
    """The contract over a rule, without the prefix by which pytest would collect it."""

    def __init__(self, rule: Callable[[int, int], Completion]) -> None:
        self._rule = rule

    def make_generator(self, context: GeneratorContext) -> Generator:
        return Scripted(self._rule)

    def failing_generators(self, context: GeneratorContext) -> Iterable[Generator]:
        return [Scripted(self._rule)]


def test_an_honest_generator_passes() -> None:
    """A rule of the seed alone keeps every promise."""
    contract = Contract(lambda seed, _calls: Completion(text=GOOD.format(seed), model="m"))
    contract.test_replies_are_whole()
    contract.test_replies_can_be_parsed()
    contract.test_concurrent_calls_do_not_mix_up_replies()
    contract.test_equal_calls_get_equal_replies()
    contract.test_closing_is_harmless()
    contract.test_it_says_whether_it_is_online()


def test_a_reply_that_depends_on_the_order_of_calls_is_a_mix_up() -> None:
    """Calls at once are all counted before the first is answered, so each gets the last one's reply."""
    contract = Contract(lambda _seed, calls: Completion(text=GOOD.format(calls), model="m"))
    with pytest.raises(AssertionError):
        contract.test_concurrent_calls_do_not_mix_up_replies()


def test_a_reply_without_code_fails() -> None:
    """What the parser refuses is no reply to a request for a heuristic."""
    with pytest.raises(AssertionError, match="no-code"):
        Contract(lambda _seed, _calls: Completion(text="I cannot.", model="m")).test_replies_can_be_parsed()


@pytest.mark.parametrize(
    "completion",
    [Completion(text="x", model=""), Completion(text="x", model="m", cost_usd=float("nan")), Completion(text="x", model="m", attempts=0)]
)  # fmt: skip
def test_incomplete_completions_fail(completion: Completion) -> None:
    """A nameless model, a price that is no number, no call counted."""
    with pytest.raises(AssertionError):
        Contract(lambda _seed, _calls: completion).test_replies_are_whole()


def test_an_exception_of_another_kind_fails() -> None:
    """What the run does not expect would end it without a word."""

    def rule(_seed: int, _calls: int) -> Completion:
        raise ValueError("surprise")

    with pytest.raises(ValueError, match="surprise"):
        Contract(rule).test_errors_are_of_the_two_kinds()


def test_no_two_cases_have_equal_prompts() -> None:
    """A recording could not tell them apart."""
    assert len({case.messages for case in GENERATOR_CASES}) == len(GENERATOR_CASES) == 19


def test_toy_packing_is_a_problem() -> None:
    """Its own heuristic, best fit, solves its instance: of the gaps 6, 1 and 3 it leaves the 1."""
    problem = ToyPacking()
    (instance,) = problem.instances("train")
    assert problem.decode(problem.encode(instance)) == instance
    heuristic = Heuristic(code="", functions={"priority": priority})
    assert problem.cost(instance, problem.solve(heuristic, instance, np.random.default_rng(0))) == 1.0
