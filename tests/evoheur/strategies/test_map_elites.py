"""MAP-Elites against what the paper prescribes, and the contract."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.map_elites import MapElitesConfig
from evoheur.testing.strategy_contract import StrategyContract, executed_instructions
from evoheur.testing.strategy_runs import Ask, StrategyRun, Tell, all_fail, made_up_candidate

GRID = {"nodes": [0, 10, 20, 30, 40], "loops": {"low": 0, "high": 3, "cells": 3}}


def config(**settings: Any) -> MapElitesConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return MapElitesConfig.model_validate(settings)


class TestDefaults(StrategyContract):
    def config(self) -> MapElitesConfig:
        """Made-up candidates have no measures: one cell."""
        return config(initial=5)


@pytest.mark.nightly
class TestCombining(StrategyContract):
    def config(self) -> MapElitesConfig:
        """One operator, with which there is nothing to combine while one cell is occupied; the run time as a measure."""
        return config(
            initial=3,
            operators={"combine": 2},
            grid={"cpu_seconds": {"low": 0.01, "high": 10, "cells": 5, "scale": "log2"}},
            show_baseline_body=True,
        )


def spread(number: int, request: Request, identity: int) -> Outcome:
    """Measures all over a 4 by 3 grid and beyond it; every 9th candidate fails; objectives often tie."""
    made = made_up_candidate(identity, None if number % 9 == 8 else 1.0 + number * 37 % 101, request)
    measures = {"nodes": float(number * 13 % 50), "loops": float(number * 7 % 5)}
    return replace(made, evaluation=replace(made.evaluation, measures=measures))


def reference_cell(candidate: Candidate) -> tuple[float, float]:
    """The cell of `GRID` by arithmetic: nodes in tens up to 39, loops in ones up to 2."""
    measures = candidate.evaluation.measures
    return min(measures["nodes"] // 10, 3.0), min(measures["loops"], 2.0)


@pytest.mark.parametrize("width", [1, 6])
def test_conforms(width: int) -> None:
    """First the inventions; then parents are elites, of the moment, of one cell or of two different ones, and both operators come up."""
    run = StrategyRun(config(grid=GRID, initial=10), spread)
    requests = run.play_in_order(300, width=width)
    elites: dict[tuple[float, float], Candidate] = {}
    for event in run.log:
        if isinstance(event, Ask):
            now = {elite.id for elite in elites.values()}
            assert {parent.id for parent in event.request.parents} <= now
            assert len({parent.id for parent in event.request.parents}) == len(event.request.parents)
        elif isinstance(event.outcome, Candidate) and event.outcome.objective is not None:
            cell = reference_cell(event.outcome)
            if cell not in elites or event.outcome.objective < (elites[cell].objective or 0.0):
                elites[cell] = event.outcome
    assert [request.operator for request in requests[:10]] == ["i1"] * 10
    counts = Counter((request.operator, len(request.parents)) for request in requests[10:])
    assert set(counts) == {("mutate", 1), ("combine", 2)}
    assert counts["mutate", 1] == pytest.approx(145, abs=43), "half of 290, within five standard deviations"
    assert {elite.id for elite in run.strategy.elites()} == {elite.id for elite in elites.values()}
    assert len(elites) == 12


def test_parents_are_even_over_the_cells() -> None:
    """2,000 mutations of a full grid of 12 elites that nothing displaces: 167 each, within five standard deviations (62)."""

    def frozen(number: int, request: Request, identity: int) -> Outcome:
        outcome = spread(number, request, identity)
        assert isinstance(outcome, Candidate)
        return outcome if number <= 100 else made_up_candidate(identity, None, request)

    run = StrategyRun(config(grid=GRID, initial=100, operators={"mutate": 1}), frozen, watch=False)
    requests = run.play_in_order(2100)[100:]
    counts = Counter(request.parents[0].id for request in requests)
    assert len(counts) == 12
    assert all(count == pytest.approx(2000 / 12, abs=62) for count in counts.values())


def test_many_cells_replay_and_stay_cheap() -> None:
    """The log of a run over many cells puts a fresh strategy where the live one is; late requests cost what early ones do."""
    fine = {"nodes": {"low": 0, "high": 50, "cells": 50}, "loops": [0, 1, 2, 3, 4, 5]}
    live = StrategyRun(config(grid=fine, initial=20), spread)
    live.play(range(400), width=5)
    fresh = StrategyRun(config(grid=fine, initial=20), spread).replay(live.log)
    assert fresh.state() == live.state()

    run = StrategyRun(config(grid=fine, initial=20), spread, watch=False)
    run.play_in_order(100)

    def ask_and_tell() -> None:
        for _ in range(100):
            request = run.strategy.ask()
            assert request is not None
            run.strategy.tell(request, made_up_candidate(10**6, 50.0))

    early = executed_instructions(ask_and_tell)
    run.play_in_order(600)
    assert len(run.strategy.elites()) > 40
    assert executed_instructions(ask_and_tell) < 1.5 * early


def test_invents_until_something_works() -> None:
    """With nothing to vary, the first operator goes on."""
    run = StrategyRun(config(initial=2), all_fail)
    assert {request.operator for request in run.play_in_order(50, width=3)} == {"i1"}


def test_one_elite_is_mutated_where_two_would_be_combined() -> None:
    """One cell only, since the candidates have no measures."""
    run = StrategyRun(
        config(initial=1, operators={"combine": 1}), lambda number, request, identity: made_up_candidate(identity, 1.0)
    )
    assert operators(run.play_in_order(5)) == ["i1", "mutate", "mutate", "mutate", "mutate"]


def operators(requests: Sequence[Request]) -> list[str]:
    """Their operators, in order."""
    return [request.operator for request in requests]


def test_order_of_the_mappings_does_not_matter() -> None:
    """A database may store keys in another order; the run must replay all the same."""
    turned = config(grid=dict(reversed(GRID.items())), operators={"combine": 1, "mutate": 3}, initial=4)
    plain = config(grid=GRID, operators={"mutate": 3, "combine": 1}, initial=4)
    runs = [StrategyRun(settings, spread) for settings in (turned, plain)]
    for run in runs:
        run.play_in_order(100, width=2)
    assert runs[0].fingerprints() == runs[1].fingerprints()


def test_elites_are_best_first() -> None:
    """The best of every cell; nothing of what was displaced."""
    run = StrategyRun(config(grid={"nodes": [0, 25, 50]}, initial=50), spread)
    run.play_in_order(50)
    told = [event.outcome for event in run.log if isinstance(event, Tell)]
    working = [outcome for outcome in told if isinstance(outcome, Candidate) and outcome.objective is not None]
    halves = [[c.objective or 0.0 for c in working if (c.evaluation.measures["nodes"] < 25) is small] for small in (True, False)]
    assert [elite.objective for elite in run.strategy.elites()] == sorted(min(half) for half in halves)


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"grid": {}}, "at least 1"),
        ({"grid": {"nodes": [5, 1]}}, "do not ascend"),
        ({"operators": {"mutate": 0}}, "no positive weight"),
        ({"operators": {"e1": 1}}, "'mutate' or 'combine'"),
        ({"initial": 0}, "initial"),
    ],
)
def test_wrong_setting_is_refused_with_what_is_known(settings: dict[str, Any], word: str) -> None:
    """The message names the setting and what may stand there."""
    with pytest.raises(ValidationError) as caught:
        config(**settings)
    assert word in str(caught.value)


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its values come from."""
    described = MapElitesConfig.model_json_schema()["properties"]
    assert [name for name, field in described.items() if name != "kind" and not field.get("description")] == []
