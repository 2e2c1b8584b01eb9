"""MAP-Elites with niches: cells of a further axis, who is bred with whom, and replay."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.map_elites import MapElites, MapElitesConfig
from evoheur.strategies.niche_grid import NICHE_AXIS, NicheGrid
from evoheur.strategies.niches import NichesConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun, all_fail
from tests.evoheur.strategies.support.scored import scored_candidate
from tests.evoheur.strategies.test_niches import specialist

GRID = {"nodes": [0, 10, 20, 30, 40]}


def config(**settings: Any) -> MapElitesConfig:
    return MapElitesConfig.model_validate({"grid": GRID, "initial": 6, "niches": {"count": 2, "every": 7}, **settings})


class TestNiches(StrategyContract):
    def config(self) -> MapElitesConfig:
        """Made-up candidates have an objective alone: niches by that."""
        return config()


@pytest.mark.nightly
class TestNichesByStructure(StrategyContract):
    def config(self) -> MapElitesConfig:
        """With mates by rank of another niche."""
        return config(niches={"by": "structure", "count": 3, "every": 5}, mate="rank")


def planted(number: int, request: Request, identity: int) -> Outcome:
    """Two behaviours in turn, whatever was asked, with nodes all over the grid."""
    made = specialist(identity, first=number % 2 == 0, worth=number * 37 % 11 / 10)
    measured = replace(made.evaluation, measures={"nodes": float(number * 13 % 50)})
    return replace(made, operator=request.operator, parents=tuple(each.id for each in request.parents), evaluation=measured)


def niche_of(strategy: MapElites) -> dict[int, int]:
    """Candidate → niche, as the picture shows them."""
    return {elite.candidate: elite.cell[-1] for elite in strategy.structure().elites}


def test_planted_behaviours_have_a_niche_each() -> None:
    """All elites of one behaviour share a niche, children of the other one's parents among them; the axis is in the picture."""
    run = StrategyRun(config(), planted, watch=False)
    run.play_in_order(80)
    assert isinstance(run.strategy, MapElites)
    niches = niche_of(run.strategy)
    behaviours = {elite.id: elite.evaluation.results[0].gap for elite in run.strategy.elites()}
    split = {good: {niches[each] for each, gap in behaviours.items() if ((gap or 0.0) < 3.5) is good} for good in (True, False)}
    assert all(len(labels) == 1 for labels in split.values())
    assert split[True] != split[False]
    assert run.strategy.structure().axes[NICHE_AXIS] == (0.0, 1.0, 2.0)


def test_no_operator_starves_and_combine_unites_two_niches() -> None:
    """Also while nothing works any more, and from the moment on that niches are there."""
    calls = Counter[str]()
    run = StrategyRun(config(), planted, watch=False)
    run.play_in_order(40)
    assert isinstance(run.strategy, MapElites)
    niches = niche_of(run.strategy)
    drawn = Counter[int]()
    for _ in range(400):
        request = run.strategy.ask()
        calls[request.operator] += 1
        drawn[niches[request.parents[0].id]] += 1
        if request.operator == "combine":
            assert len({niches[parent.id] for parent in request.parents}) == 2
    assert min(calls.values()) > 150
    assert set(calls) == {"mutate", "combine"}
    assert drawn[0] == pytest.approx(200, abs=50), "niches are drawn evenly, whatever their sizes"


def test_before_there_are_niches_cells_are_all_there_is() -> None:
    """Failures alone form none, and three elites are one niche."""
    StrategyRun(config(), all_fail, watch=False).play_in_order(60)
    grid = NicheGrid({"nodes": (0.0, 10.0, 20.0, 30.0, 40.0)}, NichesConfig(count=2))
    for number in range(1, 4):
        made = scored_candidate(number, [float(number)] * 4)
        grid.add(replace(made, evaluation=replace(made.evaluation, measures={"nodes": 10.0 * number})))
    assert {cell[-1] for cell in grid.elites} == {0}


def column(candidate: Candidate) -> float:
    """The cell by nodes."""
    return min(candidate.evaluation.measures["nodes"] // 10, 3.0)


def test_no_elite_is_lost_but_to_a_better_one_of_its_cell() -> None:
    run = StrategyRun(config(), planted, watch=False)
    for _ in range(30):
        before = {elite.id: elite for elite in run.strategy.elites()}
        run.play_in_order(1)
        after = {elite.id: elite for elite in run.strategy.elites()}
        for lost in before.keys() - after.keys():
            rivals = [each for each in after.values() if column(each) == column(before[lost])]
            assert any((each.objective or 0.0) <= (before[lost].objective or 0.0) for each in rivals)


def test_a_measure_of_the_axis_name_is_refused() -> None:
    with pytest.raises(ValidationError, match="which niches has as its axis"):
        config(grid={"niche": [0, 1, 2]})
