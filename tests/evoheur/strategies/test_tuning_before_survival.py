"""Tuning before survival: which children are held, what the strategy is told, and that the run is replayed."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import pytest

from evoheur.candidate import Candidate
from evoheur.request import Failure, Outcome, Request, RequestKind
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.strategy import OperatorCard, StrategyConfig
from evoheur.strategies.tuning import TuneConfig
from evoheur.strategies.tuning_before_survival import TUNE_CHILD, TUNE_CHILD_CARD, TuningBeforeSurvival
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import made_up_candidate

EOH = EohConfig(population_size=4, parents=2)


class TunedFirstConfig(StrategyConfig):
    """EoH whose promising children are tuned."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {**EohConfig.catalogue, **TUNE_CHILD_CARD}

    kind: str = "tuned_first"
    tune: TuneConfig = TuneConfig(before_survival=0.5, evaluations=100_000, each=10)

    def build(self, baseline: Candidate, rng: random.Random) -> TuningBeforeSurvival:
        """Make the strategy."""
        return TuningBeforeSurvival(EOH.build(baseline, rng), self.tune)


class TestTunedFirst(StrategyContract):
    def config(self) -> TunedFirstConfig:
        return TunedFirstConfig()


class GenerationalConfig(TunedFirstConfig):
    """The same by generations."""

    kind: str = "tuned_first_by_generations"

    def build(self, baseline: Candidate, rng: random.Random) -> TuningBeforeSurvival:
        """Make the strategy."""
        inside = EohConfig(population_size=4, parents=2, generational=True)
        return TuningBeforeSurvival(inside.build(baseline, rng), self.tune)


@pytest.mark.nightly
class TestTunedFirstByGenerations(StrategyContract):
    def config(self) -> GenerationalConfig:
        """The barrier waits for tunings, too."""
        return GenerationalConfig()


class Table:
    """A strategy around EoH that is told by hand."""

    def __init__(self, tune: TuneConfig) -> None:
        self.strategy = TuningBeforeSurvival(EOH.build(made_up_candidate(0, 9.0), random.Random(5)), tune)
        self.numbers = 0

    def ask(self) -> Request:
        """The next request."""
        request = self.strategy.ask()
        assert request is not None
        return request

    def tell(self, request: Request, objective: float | None) -> Candidate:
        """Tell a new candidate."""
        self.numbers += 1
        candidate = made_up_candidate(self.numbers, objective, request)
        self.strategy.tell(request, candidate)
        return candidate

    def fill(self, *objectives: float) -> "Table":
        """Bring the population to these objectives, worst first, so that only what improves on all is promising; tunings find nothing."""
        for objective in objectives:
            request = self.ask()
            while request.operator == TUNE_CHILD:
                self.strategy.tell(request, Failure(stage="generation", reason="server-error", detail="made up"))
                request = self.ask()
            self.tell(request, objective)
        return self

    @property
    def held(self) -> list[float | None]:
        """The objectives of EoH's population."""
        return [member.objective for member in self.strategy.members()]


def share(value: float, evaluations: int = 1000) -> TuneConfig:
    """A share, ten evaluations each."""
    return TuneConfig(before_survival=value, evaluations=evaluations, each=10)


@pytest.mark.parametrize(("value", "objective", "tuned"), [
    (0.25, 0.5, True), (0.25, 1.0, False), (0.25, 1.5, False),
    (0.5, 1.5, True), (0.5, 2.5, False), (1.0, 3.5, True), (1.0, 4.0, False), (0.25, None, False),
])  # fmt: skip
def test_what_enters_the_share_of_the_best_is_tuned(value: float, objective: float | None, tuned: bool) -> None:
    """The best are 1, 2, 3, 4: the quarter is one place, the half two; a child as good as one has the place after it."""
    table = Table(share(value, 10_000)).fill(4.0, 3.0, 2.0, 1.0)
    while (request := table.ask()).operator == TUNE_CHILD:
        table.strategy.tell(request, Failure(stage="generation", reason="server-error", detail="made up"))
    child = table.tell(request, objective)
    following = table.ask()
    assert (following.operator == TUNE_CHILD) is tuned
    if tuned:
        assert (following.kind, following.parents) == (RequestKind.TUNING, (child,))
        assert following.context == {"evaluations": "10", "method": "cma-es"}


@pytest.mark.parametrize(("told", "expected"), [(0.25, 0.25), (0.5, 0.5), (0.75, 0.5), (None, 0.5)])
def test_the_strategy_hears_of_the_better_one_only(told: float | None, expected: float) -> None:
    """The child at 0.5 is no member before its tuning came to an end; then either it or the tuned one is, and an elite throughout."""
    table = Table(share(0.25)).fill(4.0, 3.0, 2.0, 1.0)
    while (request := table.ask()).operator == TUNE_CHILD:
        table.strategy.tell(request, Failure(stage="generation", reason="server-error", detail="made up"))
    child = table.tell(request, 0.5)
    tuning = table.ask()
    assert table.held == [1.0, 2.0, 3.0, 4.0]
    assert table.strategy.elites()[0] is child
    table.tell(tuning, told)
    assert table.held == [expected, 1.0, 2.0, 3.0]
    assert [elite.objective for elite in table.strategy.elites()] == table.held


def test_nothing_is_tuned_while_nothing_is_held() -> None:
    table = Table(share(1.0))
    table.tell(table.ask(), 3.0)
    assert table.held == [3.0]
    assert table.ask().operator == "i1"


def test_the_evaluations_of_tuning_are_limited() -> None:
    """25 of 10 each: the third has five, a fourth child goes on untuned, also while the others are waiting to be asked for."""
    table = Table(share(1.0, 25)).fill(9.0)
    requests = [table.ask() for _ in range(4)]
    for place, request in enumerate(requests):
        table.tell(request, 5.0 - place)
    asked = [table.ask() for _ in range(4)]
    assert [request.context.get("evaluations") for request in asked] == ["10", "10", "5", None]
    assert table.held == [2.0, 9.0], "the fourth"


def test_a_copy_is_not_tuned_again_and_tells_no_tale() -> None:
    """A tuning that ends with known code leaves the child as it is."""
    table = Table(share(1.0)).fill(9.0)
    request = table.ask()
    table.strategy.tell(request, replace(made_up_candidate(7, 1.0, request), duplicate_of=3))
    assert table.held == [1.0, 9.0]
    child = table.tell(table.ask(), 0.5)
    tuning = table.ask()
    outcome: Outcome = replace(made_up_candidate(9, 0.4, tuning), duplicate_of=3)
    table.strategy.tell(tuning, outcome)
    assert table.strategy.members()[0] is child
