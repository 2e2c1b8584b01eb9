"""FunSearch against what the paper and its release prescribe, and the contract."""

import math
from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.funsearch import FunSearchConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Ask, StrategyRun, Tell, all_fail, made_up_candidate

BASELINE = 4.5
"""The objective of a `StrategyRun`'s baseline."""


def config(**settings: Any) -> FunSearchConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return FunSearchConfig.model_validate(settings)


class TestPublished(StrategyContract):
    def config(self) -> FunSearchConfig:
        """As released, with resets within short runs."""
        return config(islands=3, reset_every=20)


@pytest.mark.nightly
class TestScaled(StrategyContract):
    def config(self) -> FunSearchConfig:
        """A unit of its own for every island, one sample per prompt, three programs, a short sawtooth, and no resets."""
        return config(
            islands=2, scale="median", samples_per_prompt=1, functions_per_prompt=3, period=10, temperature=1, reset_every=None
        )


@pytest.mark.nightly
class TestOneIsland(StrategyContract):
    def config(self) -> FunSearchConfig:
        """There is no worse half to reset."""
        return config(islands=1, scale="range", reset_every=5)


def all_different(number: int, request: Request, identity: int) -> Outcome:
    """Every candidate works and has an objective of its own, in an order that is neither rising nor falling: 1..101 by steps of 37."""
    return made_up_candidate(identity, 1.0 + number * 37 % 101, request)


def all_better(number: int, request: Request, identity: int) -> Outcome:
    """As above, and below the baseline's objective: up to 1,009 values from 0 to 4."""
    return made_up_candidate(identity, 4.0 * (number * 371 % 1009) / 1009, request)


def all_baseline(number: int, request: Request, identity: int) -> Outcome:
    """Every candidate is worth what the baseline is."""
    return made_up_candidate(identity, BASELINE, request)


def island_of(request: Request) -> int:
    """The island that a request's tag names."""
    assert isinstance(request.tag, tuple)
    return int(request.tag[0])


def epoch_of(request: Request) -> int:
    """How often that island was reset before."""
    assert isinstance(request.tag, tuple)
    return int(request.tag[1])


def as_candidate(outcome: Outcome) -> Candidate:
    """The candidate that an outcome is."""
    assert isinstance(outcome, Candidate)
    return outcome


@pytest.mark.parametrize("width", [1, 5])
def test_conforms_without_resets(width: int) -> None:
    """Every parent was registered on the request's own island before; ascending scores; k = min(clusters, 2); four samples per prompt."""
    run = StrategyRun(config(islands=3, temperature=50), all_different)
    run.play_in_order(200, width=width)
    islands: list[dict[int, float]] = [{0: BASELINE} for _ in range(3)]  # id → objective; every objective is a cluster of its own
    asked: dict[int, Request] = {}
    for event in run.log:
        if isinstance(event, Tell):
            candidate = as_candidate(event.outcome)
            islands[island_of(asked[event.number])][candidate.id] = candidate.objective or 0.0
            continue
        request = asked[event.number] = event.request
        assert (request.operator, request.context, epoch_of(request)) == ("improve", {"baseline": "header"}, 0)
        members = islands[island_of(request)]
        assert {parent.id for parent in request.parents} <= set(members)
        worths = [members[parent.id] for parent in request.parents]
        assert worths == sorted(worths, reverse=True)
        if event.number % 4 == 1:  # the first sample of its prompt
            assert len(request.parents) == min(len(set(members.values())), 2)
        else:
            assert request == asked[event.number - 1]
    assert len({island_of(request) for request in asked.values()}) == 3


def test_islands_are_drawn_evenly() -> None:
    """4,000 prompts for four islands: 1,000 each, within five standard deviations (137)."""
    requests = StrategyRun(config(islands=4, samples_per_prompt=1), all_fail, watch=False).play_in_order(4000, width=2)
    counts = Counter(island_of(request) for request in requests)
    assert all(counts[number] == pytest.approx(1000, abs=137) for number in range(4))


def test_greedy_when_cold() -> None:
    """At a temperature of 1e-9 both programs come from the island's best cluster."""
    run = StrategyRun(config(islands=2, temperature=1e-9, samples_per_prompt=1), all_better)
    run.play_in_order(60)
    best = [0, 0]
    worth = [BASELINE, BASELINE]
    asked: dict[int, Request] = {}
    for event in run.log:
        if isinstance(event, Ask):
            asked[event.number] = event.request
            assert {parent.id for parent in event.request.parents} == {best[island_of(event.request)]}
            continue
        candidate, island = as_candidate(event.outcome), island_of(asked[event.number])
        if (candidate.objective or 0.0) < worth[island]:
            best[island], worth[island] = candidate.id, candidate.objective or 0.0
    assert 0 not in best


@pytest.mark.parametrize(("scale", "worse"), [("published", BASELINE + 1), ("range", BASELINE + 8), ("median", BASELINE + 8)])
@pytest.mark.parametrize(("registered", "temperature"), [(4, 1.0), (5, 0.75), (7, 0.25), (8, 1.0)])
def test_temperature_falls_with_the_programs_of_the_island(scale: str, worse: float, registered: int, temperature: float) -> None:
    """T0 = 1 and P = 4. Two clusters, one unit apart: the baseline's share is 1 / (1 + exp(-1 / T)), within five deviations (0.056)."""

    def worse_then_nothing(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, worse if number < registered else None, request)

    settings = config(islands=1, functions_per_prompt=1, samples_per_prompt=1, temperature=1, period=4, scale=scale)
    requests = StrategyRun(settings, worse_then_nothing, watch=False).play_in_order(2000 + registered)[registered:]
    share = sum(request.parents[0].id == 0 for request in requests) / 2000
    assert share == pytest.approx(1 / (1 + math.exp(-1 / temperature)), abs=0.056)


def test_worse_half_is_reset() -> None:
    """After every 40 programs the two worst of four islands restart from the best program of a surviving one; the others go on."""
    run = StrategyRun(config(islands=4, samples_per_prompt=1, temperature=50, reset_every=40), all_better)
    requests = run.play_in_order(200)
    worth = {
        as_candidate(event.outcome).id: as_candidate(event.outcome).objective or 0.0
        for event in run.log
        if isinstance(event, Tell)
    }
    worth[0] = BASELINE
    islands: list[list[int]] = [[0] for _ in range(4)]  # ids
    epochs = [0] * 4
    for start in range(0, 200, 40):
        era = requests[start : start + 40]
        now = {island_of(request): epoch_of(request) for request in era}
        reset = [number for number in range(4) if now[number] != epochs[number]]
        best = [min(members, key=worth.__getitem__) for members in islands]
        survivors = [number for number in range(4) if number not in reset]
        assert len(reset) == (2 if start else 0)
        for number in reset:
            assert now[number] == epochs[number] + 1
            assert worth[best[number]] >= max(worth[best[survivor]] for survivor in survivors)
            first = next(request for request in era if island_of(request) == number)
            [founder] = first.parents
            assert founder.id in {best[survivor] for survivor in survivors}
            islands[number] = [founder.id]
        epochs = [now[number] for number in range(4)]
        for child, request in enumerate(era, start + 1):
            assert {parent.id for parent in request.parents} <= set(islands[island_of(request)])
            islands[island_of(request)].append(child)


def test_ties_between_islands_are_broken_at_random() -> None:
    """All islands are worth the same: in 100 runs each is among the two of four that are reset in half, within five deviations (25)."""
    counts = Counter[int]()
    for seed in range(100):
        run = StrategyRun(config(islands=4, samples_per_prompt=1, reset_every=1), all_baseline, seed=seed)
        run.ask()
        run.tell(1)
        while len(run.in_flight) < 40:
            run.ask()
        counts.update({island_of(request) for request in run.in_flight.values() if epoch_of(request) == 1})
    assert all(counts[number] == pytest.approx(50, abs=25) for number in range(4))
    assert sum(counts.values()) == 200


def test_late_child_of_a_reset_island_is_dropped() -> None:
    """One program resets the worse of two islands; what is in flight for that one does not count any more, what is for the other does."""
    run = StrategyRun(config(islands=2, samples_per_prompt=1, reset_every=1), all_baseline)
    while len({island_of(request) for request in run.in_flight.values()}) < 2 or len(run.in_flight) < 8:
        run.ask()
    first = run.in_flight[1]
    others = [request for request in run.in_flight.values() if island_of(request) != island_of(first)]
    same = [request for request in run.in_flight.values() if island_of(request) == island_of(first)]
    run.strategy.tell(first, made_up_candidate(1, 3.0))
    run.strategy.tell(others[0], made_up_candidate(2, 1.0))
    assert [elite.id for elite in run.strategy.elites()] == [1]
    run.strategy.tell(same[-1], made_up_candidate(3, 2.0))
    assert [elite.id for elite in run.strategy.elites()] == [3]


def test_prompt_of_a_reset_island_is_not_sampled_on() -> None:
    """Immigrants, each better than all before, reset the island that they do not land on: its prompt is replaced, the other's goes on."""
    strategy = StrategyRun(config(islands=2, samples_per_prompt=1000, temperature=1e-9, reset_every=1)).strategy
    before = strategy.ask()
    kept = 0
    for step in range(40):
        strategy.immigrate(made_up_candidate(100 + step, 4.0 - step / 10))
        after = strategy.ask()
        assert before is not None
        assert after is not None
        if after == before:
            kept += 1
        else:
            assert {parent.id for parent in after.parents} == {100 + step}
        before = after
    assert 0 < kept < 40


@pytest.mark.parametrize("reset_every", [None, 1])
def test_a_single_island_is_never_reset(reset_every: int | None) -> None:
    """There is no better half to restart it from."""
    requests = StrategyRun(config(islands=1, reset_every=reset_every), all_different).play_in_order(60)
    assert {request.tag for request in requests} == {(0, 0)}


def test_elites_are_the_islands_best() -> None:
    """One per island, best first; at the start it is the baseline, once."""
    run = StrategyRun(config(islands=3, samples_per_prompt=1), all_different)
    assert [elite.id for elite in run.strategy.elites()] == [0]
    run.play_in_order(100)
    best = [BASELINE] * 3
    numbers = {event.number: island_of(event.request) for event in run.log if isinstance(event, Ask)}
    for event in run.log:
        if isinstance(event, Tell):
            number = numbers[event.number]
            best[number] = min(best[number], as_candidate(event.outcome).objective or 0.0)
    assert [elite.objective for elite in run.strategy.elites()] == sorted(best)


def test_released_values_are_the_defaults() -> None:
    """Ten islands, two programs, four samples, T0 = 0.1 and P = 30,000."""
    settings = FunSearchConfig()
    assert (settings.islands, settings.functions_per_prompt, settings.samples_per_prompt) == (10, 2, 4)
    assert (settings.temperature, settings.period, settings.scale) == (0.1, 30_000, "published")


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"islands": 0}, "islands"),
        ({"functions_per_prompt": 0}, "functions_per_prompt"),
        ({"temperature": 0}, "temperature"),
        ({"scale": "rank"}, "'published', 'range' or 'median'"),
        ({"reset_every": 0}, "reset_every"),
        ({"reset_period": 5}, "not permitted"),
    ],
)
def test_wrong_setting_is_refused_with_what_is_known(settings: dict[str, Any], word: str) -> None:
    """The message names the setting and what may stand there."""
    with pytest.raises(ValidationError) as caught:
        config(**settings)
    assert word in str(caught.value)


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its values come from."""
    described = FunSearchConfig.model_json_schema()["properties"]
    assert [name for name, field in described.items() if name != "kind" and not field.get("description")] == []
