"""LHNS against what its release prescribes, and the contract in every variant."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.lhns import LhnsConfig, acceptance, next_share, temperature
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Ask, StrategyRun, Tell, all_equal, all_fail, made_up_candidate

STATEMENTS = 10


def config(**settings: Any) -> LhnsConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return LhnsConfig.model_validate(settings)


class TestVns(StrategyContract):
    def config(self) -> LhnsConfig:
        """The default variant over a short horizon."""
        return config(horizon=150)


@pytest.mark.nightly
class TestIls(StrategyContract):
    def config(self) -> LhnsConfig:
        """Iterated local search, hot and without patience."""
        return config(variant="ils", temperature=2.0, patience=2, show_baseline_body=True)


@pytest.mark.nightly
class TestTs(StrategyContract):
    def config(self) -> LhnsConfig:
        """Merging often, from the baseline."""
        return config(variant="ts", patience=2, elite_size=3, seed_with_baseline=True)


def long(candidate: Candidate) -> Candidate:
    """The same with a body of ten statements."""
    lines = [f"    x += {candidate.id + number}" for number in range(STATEMENTS - 1)]
    return replace(candidate, code="\n".join(["def rule(x):", *lines, "    return x", ""]))


def eventful(number: int, request: Request, identity: int) -> Outcome:
    """Failures of every kind, ties, and objectives that fall slowly, with long runs without improvement."""
    if number % 11 == 3:
        return Failure(stage="parsing", reason="no-code", detail="made up")
    objective = None if number % 7 == 5 else (5 + number * 37 % 101 // 4) / (1 + number / 150)
    return long(made_up_candidate(identity, objective, request))


def taken(request: Request) -> int:
    """How many statements the gaps stand for."""
    return sum(int(count) for count in re.findall(r"# GAP: (\d+) ", request.context["ruined"]))


def log(run: StrategyRun) -> list[tuple[Request, Outcome]]:
    """Requests with their outcomes, in the order they were told."""
    requests = {event.number: event.request for event in run.log if isinstance(event, Ask)}
    return [(requests[event.number], event.outcome) for event in run.log if isinstance(event, Tell)]


class Referee:
    """The published loop over a finished log of one request in flight; what annealing accepted is read off later requests."""

    def __init__(self, settings: LhnsConfig) -> None:
        self.settings = settings
        self.current: Candidate | None = None
        self.share = settings.first_share
        self.failures = 0
        self.table: list[Candidate] = []
        self.counts: dict[str, int] = {}
        self.worse_accepted = 0

    def check(self, pairs: list[tuple[Request, Outcome]]) -> dict[str, int]:
        """How many requests of each operator there were."""
        for place, (request, outcome) in enumerate(pairs):
            self._check(request)
            self.counts[request.operator] = self.counts.get(request.operator, 0) + 1
            # A perturbation shows the best; whatever shows the current one comes right after it.
            following = [later for later, _ in pairs[place + 1 : place + 3] if later.operator != "perturb"]
            self._judge(outcome, following[0] if following else None)
        return self.counts

    def _check(self, request: Request) -> None:
        shown = [parent.id for parent in request.parents]
        others = [elite for elite in self.table if elite is not self.current]
        if self.current is None:
            assert (request.operator, shown) == ("i1", [])
        elif self.settings.variant == "ils" and self.failures >= 10:
            assert (request.operator, shown) == ("perturb", [self.table[0].id])
            self.failures = 0
        elif self.settings.variant == "ts" and self.failures >= 10 and others:
            assert request.operator == "merge"
            assert shown[0] == self.current.id
            assert shown[1] in {elite.id for elite in others}
            self.failures = 0
        else:
            assert (request.operator, shown) == ("rebuild", [self.current.id])
            assert taken(request) == max(1, math.ceil(round(self.share * STATEMENTS, 6)))

    def _judge(self, outcome: Outcome, following: Request | None) -> None:
        accepted = improved = False
        if isinstance(outcome, Candidate) and outcome.objective is not None:
            improved = self.current is None or outcome.objective < (self.current.objective or 0.0)
            equal = self.current is not None and outcome.objective == self.current.objective
            accepted = improved or equal or self._annealed(outcome, following)
            if accepted:
                self.current = outcome
            if round(outcome.objective, 5) not in [round(elite.objective or 0.0, 5) for elite in self.table]:
                self.table = sorted([*self.table, outcome], key=lambda elite: elite.objective or 0.0)[: self.settings.elite_size]
        self.failures = 0 if improved else self.failures + 1
        if self.settings.variant == "vns":
            if accepted or self.share >= 1:
                self.share = self.settings.first_share
            else:
                self.share = min(round(self.share + 0.1, 6), 1.0)

    def _annealed(self, outcome: Candidate, following: Request | None) -> bool:
        if not self.settings.temperature or following is None or following.parents[0].id != outcome.id:
            return False
        self.worse_accepted += 1
        return True


@pytest.mark.parametrize(
    ("variant", "operators"), [("vns", {"rebuild"}), ("ils", {"rebuild", "perturb"}), ("ts", {"rebuild", "merge"})]
)
@pytest.mark.parametrize("heat", [0.0, 0.1])
def test_conforms_to_the_published_loop(variant: str, operators: set[str], heat: float) -> None:
    """Four hundred requests, one in flight: operators, parents and what is taken out are those of the release.

    Without heat nothing worse may be accepted. With heat the referee reads off whether it was, and all that follows from it.
    """
    settings = config(variant=variant, temperature=heat, horizon=400)
    run = StrategyRun(settings, eventful)
    run.play_in_order(400)
    referee = Referee(settings)
    counts = referee.check(log(run))
    assert set(counts) == {"i1", *operators}
    assert min(counts[operator] for operator in operators) > 5
    assert bool(referee.worse_accepted) is bool(heat)


@pytest.mark.parametrize(("variant", "first"), [("vns", 0.1), ("ils", 0.5), ("ts", 0.5)])
def test_published_values_are_the_defaults(variant: str, first: float) -> None:
    """alpha = 0.1, horizon 1000, five elites, ten failures, vns; shares 0.1 and 0.5."""
    settings = LhnsConfig()
    assert (settings.variant, settings.temperature, settings.horizon) == ("vns", 0.1, 1000)
    assert (settings.elite_size, settings.patience, settings.share_step) == (5, 10, 0.1)
    assert config(variant=variant).first_share == first
    assert config(variant=variant, share=0.3).first_share == 0.3


def scripted(objectives: list[float | None]) -> Callable[[int, Request, int], Outcome]:
    """Heuristics of ten statements with these objectives, in the order of the requests; the last one goes on for ever."""
    return lambda number, request, identity: long(
        made_up_candidate(identity, objectives[min(number, len(objectives)) - 1], request)
    )


def test_vns_takes_more_after_every_rejection() -> None:
    """Share 0.1, 0.2, … 1.0 and from the start again; an improvement or an equal objective starts it again too."""
    objectives: list[float | None] = [5.0, *[9.0] * 11, 4.0, None, 4.0, 9.0]
    requests = StrategyRun(config(temperature=0), scripted(objectives)).play_in_order(18)
    assert [taken(request) for request in requests[1:]] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 1, 2, 1, 2, 3]


def test_ils_perturbs_the_best_after_ten_failures() -> None:
    """Equal objectives are moves but no improvements; after the perturbation ten more failures are needed."""
    objectives: list[float | None] = [3.0, 3.0, *[9.0] * 30]
    requests = StrategyRun(config(variant="ils", temperature=0), scripted(objectives)).play_in_order(23)
    operators = [request.operator for request in requests]
    assert operators == ["i1", *["rebuild"] * 10, "perturb", *["rebuild"] * 9, "perturb", "rebuild"]
    assert {request.parents[0].id for request in requests if request.operator == "perturb"} == {1}  # the older of equals
    assert {request.parents[0].id for request in requests[2:] if request.operator == "rebuild"} == {2}


def test_ts_merges_with_an_elite_and_points_out_its_features() -> None:
    """The elite's lines that the one it was rebuilt from did not have; an elite without a parent has none."""
    objectives: list[float | None] = [5.0, 4.0, *[9.0] * 30]
    requests = StrategyRun(config(variant="ts", temperature=0), scripted(objectives)).play_in_order(80)
    merges = [request for request in requests if request.operator == "merge"]
    features = {request.parents[1].id: request.context["features"].split("\n") for request in merges}
    assert {request.parents[0].id for request in merges} == {2}
    assert features[1] == [""]
    assert features[3] == ["x += 11"]  # rebuilt from 2, whose lines are x += 2 … x += 10


def test_ts_without_another_elite_goes_on_rebuilding() -> None:
    """There is nothing to merge with while nothing else has worked."""
    requests = StrategyRun(config(variant="ts"), scripted([5.0, None])).play_in_order(30)
    assert {request.operator for request in requests[1:]} == {"rebuild"}


def test_outcomes_are_compared_with_the_heuristic_of_their_arrival() -> None:
    """Two rebuilds of the first heuristic are out; the second to arrive is better than it, but not than the first to arrive."""
    run = StrategyRun(config(temperature=0), scripted([5.0, 4.0, 3.0]))
    run.ask()
    run.tell(1)
    assert run.ask()
    assert run.ask()
    run.tell(3)
    run.tell(2)
    run.ask()
    assert run.in_flight[4].parents[0].id == 2  # the id of request 3's candidate, which was told second


def test_nothing_waits_for_the_start() -> None:
    """i1 until something works; others that were asked meanwhile are outcomes like any other."""
    run = StrategyRun(config(temperature=0), scripted([None, 5.0, 3.0]))
    assert all(run.ask() for _ in range(3))
    run.tell(1)
    run.ask()
    run.tell(2)
    run.ask()
    assert [request.operator for request in run.in_flight.values()] == ["i1", "i1", "rebuild"]
    run.tell(3)
    run.ask()
    assert run.in_flight[6].parents[0].objective == 3.0


def test_start_from_the_baseline() -> None:
    """The first request already rebuilds the problem's own heuristic."""
    requests = StrategyRun(config(seed_with_baseline=True), all_fail).play_in_order(5)
    assert {(request.operator, request.parents[0].id) for request in requests} == {("rebuild", 0)}


def test_immigrant_is_gone_on_from_if_it_is_better() -> None:
    """A worse one only joins the elites; it is no failure of the search's own."""
    run = StrategyRun(config(temperature=0), scripted([5.0, 9.0]))
    run.play_in_order(4)
    run.strategy.immigrate(long(made_up_candidate(900, 7.0)))
    run.ask()
    assert (run.in_flight[5].parents[0].id, taken(run.in_flight[5])) == (1, 3)  # two rejections were told
    run.strategy.immigrate(long(made_up_candidate(901, 2.0)))
    request = run.strategy.ask()
    assert request is not None
    assert (request.parents[0].id, taken(request)) == (901, 1)
    assert [elite.id for elite in run.strategy.elites()] == [901, 1, 900, 2]


def test_annealing_accepts_as_often_as_it_should() -> None:
    """10 % worse at T = 0.1: 1 / e, while the temperature hardly falls; 0.04 is four standard deviations of 2,000 trials.

    Every other outcome restores the first objective, so that each trial is the same.
    """

    def alternating(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, -1.1 if number % 2 else -0.99, request)

    run = StrategyRun(config(horizon=10**9, elite_size=1), alternating, watch=False)
    requests = run.play_in_order(4001)
    accepted = sum(request.parents[0].objective == -0.99 for request in requests[2::2])
    assert accepted / 2000 == pytest.approx(math.exp(-1), abs=0.04)


def test_temperature_by_hand() -> None:
    """alpha at the first outcome, half of it half-way, 0 after the horizon."""
    assert [temperature(outcome, 0.1, 100) for outcome in (1, 51, 101, 500)] == pytest.approx([0.1, 0.05, 0.0, 0.0])


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 10))
def test_acceptance_is_a_probability(current: float, new: float, heat: float) -> None:
    """Certain for what is no worse; and the unit does not matter."""
    chance = acceptance(current, new, heat)
    assert 0.0 <= chance <= 1.0
    assert chance == 1.0 or new > current
    assert acceptance(8 * current, 8 * new, heat) == pytest.approx(chance)


def test_acceptance_by_hand() -> None:
    """5 % worse at T = 0.1 is exp(-1/2), for costs and for negated profits; cold, or at an objective of 0, nothing worse."""
    assert acceptance(100.0, 105.0, 0.1) == pytest.approx(math.exp(-0.5))
    assert acceptance(-100.0, -95.0, 0.1) == pytest.approx(math.exp(-0.5))
    assert acceptance(100.0, 105.0, 0.0) == 0.0
    assert acceptance(0.0, 0.001, 0.1) == 0.0
    assert acceptance(0.0, 0.0, 0.0) == 1.0


@given(st.floats(0.01, 1), st.floats(0.01, 1))
def test_shares_rise_to_all_and_begin_again(first: float, step: float) -> None:
    """All is always reached, and followed by the first share."""
    share, steps = first, 0
    while share < 1.0:
        higher = next_share(share, first, step)
        assert share < higher <= 1.0
        share, steps = higher, steps + 1
    assert steps <= 1 / step + 1
    assert next_share(share, first, step) == first


@pytest.mark.parametrize("variant", ["vns", "ils", "ts"])
def test_equal_objectives_are_survived(variant: str) -> None:
    """A plateau is walked on: the current heuristic is always the latest."""
    requests = StrategyRun(config(variant=variant), all_equal).play_in_order(40)
    assert [request.parents[0].id for request in requests[1:] if request.operator == "rebuild"][:9] == list(range(1, 10))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"variant": "sa"}, ["variant", "'vns', 'ils' or 'ts'"]),
        ({"share": 1.5}, ["share", "less than or equal to 1"]),
        ({"share_step": 0}, ["share_step", "greater than 0"]),
        ({"temperature": -1}, ["temperature"]),
        ({"patience": 0}, ["patience"]),
        ({"cooling_rate": 0.1}, ["cooling_rate", "not permitted"]),
    ],
)
def test_wrong_setting_is_refused(settings: dict[str, Any], words: list[str]) -> None:
    """The message names the setting and what may stand there."""
    with pytest.raises(ValidationError) as caught:
        config(**settings)
    assert all(word in str(caught.value) for word in words)


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its values come from."""
    described = LhnsConfig.model_json_schema()["properties"]
    assert [name for name, setting in described.items() if name != "kind" and not setting.get("description")] == []
