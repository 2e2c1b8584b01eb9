"""The strategy contract catches what it is there to catch: each strategy here breaks one rule, and the test of that rule fails."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Literal, TypeAlias

import pytest

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.strategy import OperatorCard, Strategy, StrategyConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import made_up_candidate

Fault: TypeAlias = Literal[
    "none",
    "stuck",
    "counts vain asks",
    "order of a set",
    "global randomness",
    "invents a parent",
    "worst first",
    "scans history",
    "hides vain asks",
    "unknown operator",
    "unknown text",
    "turns immigrants away",
    "needs what it calls hopeless",
]


class FaultyConfig(StrategyConfig):
    """Names the rule to break."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {"breed": OperatorCard(summary="breed", parents=(0, 1))}

    kind: str = "faulty"
    fault: Fault = "none"

    def build(self, baseline: Candidate, rng: random.Random) -> "Faulty":
        """Make the strategy."""
        return Faulty(self.fault, rng)


class Faulty(Strategy):
    """Asks for pairs and waits until both are back; breaks at most one rule."""

    def __init__(self, fault: Fault, rng: random.Random) -> None:
        self.fault = fault
        self.rng = rng
        self.history: list[Candidate] = []
        self.pair = 0
        self.out = 0
        self.vain = 0

    def __getstate__(self) -> dict[str, object]:
        """One fault cannot be seen in the state, but shows in what a replayed strategy does."""
        return {**vars(self), "vain": 0} if self.fault == "hides vain asks" else vars(self)

    def ask(self) -> Request | None:
        """A request, unless two are out."""
        if self.fault == "stuck" and len(self.history) > 3:
            return None
        if self.pair == 2 and self.out:
            self.vain += self.fault in {"counts vain asks", "hides vain asks"}
            return None
        self.pair = self.pair % 2 + 1
        self.out += 1
        return Request(
            operator="invent" if self.fault == "unknown operator" else "breed",
            parents=self.parents(),
            context={"hint": "be quick"} if self.fault == "unknown text" else {},
            tag=self.mark(),
            bound=0.5 if self.fault == "needs what it calls hopeless" else None,
        )

    def mark(self) -> str:
        """What tells the request from others."""
        if self.fault == "order of a set":
            return "mark " + "".join(set("abcdefghijklmnop"))  # the first of them alone is the same for one pair of seeds in 16
        if self.fault == "global randomness":
            return f"mark {random.random()}"
        if self.fault == "scans history":
            return f"mark {sum(candidate.id for candidate in self.history) % 2}"
        if self.fault == "hides vain asks":
            return f"mark {self.vain}"
        return f"mark {self.rng.random()}"

    def parents(self) -> tuple[Candidate, ...]:
        """What the request shows."""
        if self.fault == "invents a parent" and self.history:
            return (made_up_candidate(len(self.history) + 50, 1.0),)
        return tuple(self.history[-1:])

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Keep every candidate that works."""
        self.out -= 1
        if isinstance(outcome, Candidate):
            self.remember(outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """As one of its own."""
        if self.fault != "turns immigrants away":
            self.remember(candidate)

    def remember(self, candidate: Candidate) -> None:
        """Keep it if it works."""
        if candidate.objective is not None:
            self.history.append(candidate)

    def elites(self) -> Sequence[Candidate]:
        """The best five."""
        ranked = sorted(self.history, key=lambda candidate: candidate.objective or 0.0)[:5]
        return ranked[::-1] if self.fault == "worst first" else ranked


class FaultyContract(StrategyContract):
    """Not collected: its tests are called one by one below."""

    warm_up = 30

    def __init__(self, fault: Fault) -> None:
        self.fault = fault

    def config(self) -> FaultyConfig:
        """The configuration with the fault."""
        return FaultyConfig(fault=self.fault)


RULES: list[Callable[[FaultyContract], None]] = [
    FaultyContract.test_replayed_strategy_continues_like_the_live_one,
    FaultyContract.test_any_order_of_outcomes_is_survived,
    FaultyContract.test_nothing_but_failures_is_survived,
    FaultyContract.test_nothing_but_equals_is_survived,
    FaultyContract.test_reading_elites_and_structure_changes_nothing,
    FaultyContract.test_cutting_hopeless_evaluations_short_changes_nothing,
    FaultyContract.test_every_request_is_in_the_catalogue,
    FaultyContract.test_an_immigrant_is_taken_in,
    FaultyContract.test_other_hash_seed_gives_the_same_run,
    FaultyContract.test_configuration_survives_the_archive,
    FaultyContract.test_global_randomness_is_left_alone,
    FaultyContract.test_module_imports_no_clock_and_no_io,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sound_strategy_passes(rule: Callable[[FaultyContract], None]) -> None:
    """Without a fault every rule holds (but one: its elites are sorted from all history)."""
    rule(FaultyContract("none"))


@pytest.mark.parametrize(
    ("fault", "rule", "message"),
    [
        ("stuck", FaultyContract.test_any_order_of_outcomes_is_survived, "the run would be stuck"),
        pytest.param(
            *(
                "counts vain asks",
                FaultyContract.test_any_order_of_outcomes_is_survived,
                "returned None and changed the strategy",
            ),
            marks=pytest.mark.slow,  # the few examples of the quick profile miss it now and then
        ),
        ("invents a parent", FaultyContract.test_any_order_of_outcomes_is_survived, "which was never told"),
        ("worst first", FaultyContract.test_any_order_of_outcomes_is_survived, "not best first"),
        pytest.param(
            *(
                "hides vain asks",
                FaultyContract.test_replayed_strategy_continues_like_the_live_one,
                "the log has|goes on otherwise",
            ),
            marks=pytest.mark.slow,  # as above
        ),
        ("global randomness", FaultyContract.test_global_randomness_is_left_alone, "draws from the module"),
        ("order of a set", FaultyContract.test_other_hash_seed_gives_the_same_run, "does it iterate a set"),
        ("unknown operator", FaultyContract.test_every_request_is_in_the_catalogue, "'invent' is not in the catalogue"),
        ("unknown text", FaultyContract.test_every_request_is_in_the_catalogue, "is given the texts"),
        ("turns immigrants away", FaultyContract.test_an_immigrant_is_taken_in, "is not the best"),
        (
            "needs what it calls hopeless",
            FaultyContract.test_cutting_hopeless_evaluations_short_changes_nothing,
            "a pruned candidate changed|with pruning the elites",
        ),
        ("scans history", FaultyContract.test_work_per_request_does_not_grow_with_the_run, "instructions early in the run"),
    ],
)
def test_a_broken_rule_is_noticed(fault: Fault, rule: Callable[[FaultyContract], None], message: str) -> None:
    """The test of the rule fails, and for the reason it is meant to find."""
    with pytest.raises(AssertionError, match=message):
        rule(FaultyContract(fault))
