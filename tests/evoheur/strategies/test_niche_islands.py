"""AdaEvolve whose islands are niches: who lives where, who is bred with whom, and replay."""

from collections import Counter
from typing import Any

import pytest

from evoheur.candidate import Candidate
from evoheur.request import Note, Outcome, Request
from evoheur.strategies.adaevolve import AdaEvolve, AdaEvolveConfig
from evoheur.strategies.adaptive_islands import AdaptiveIsland
from evoheur.strategies.niche_islands import NicheIslands
from evoheur.strategies.niches import NichesConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Ask, StrategyRun, Tell
from tests.evoheur.strategies.test_niches import specialist


def config(**settings: Any) -> AdaEvolveConfig:
    return AdaEvolveConfig.model_validate(
        {"island_size": 6, "migrate_every": 3, "cooldown": 2, "niches": {"count": 2, "every": 7}, **settings}
    )


class TestNicheIslands(StrategyContract):
    def config(self) -> AdaEvolveConfig:
        """Small, so that islands fill and are regrouped soon."""
        return config()


@pytest.mark.nightly
class TestNicheIslandsByStructure(StrategyContract):
    def config(self) -> AdaEvolveConfig:
        """From nothing, with mates by distance of all other niches."""
        return config(niches={"by": "structure", "count": 3, "every": 5}, seed_with_baseline=False, mate="distance")


def planted(number: int, request: Request, identity: int) -> Outcome:
    """Two behaviours in turn, whatever was asked."""
    if request.produces == "note":
        return Note(text="1. look ahead")
    return specialist(identity, first=number % 2 == 0, worth=number * 37 % 11 / 10)


def good_at_first(candidate: Candidate) -> bool:
    return (candidate.evaluation.results[0].gap or 0.0) < 3.5


def homes(strategy: AdaEvolve) -> dict[int, int]:
    """Member → number of its island, as the picture shows them."""
    return {cluster.shortest: island.number for island in strategy.structure().islands for cluster in island.clusters}


def played(requests: int) -> tuple[AdaEvolve, StrategyRun]:
    run = StrategyRun(config(seed_with_baseline=False, ideas=0), planted, watch=False)
    run.play_in_order(requests)
    assert isinstance(run.strategy, AdaEvolve)
    return run.strategy, run


def test_two_planted_behaviours_are_two_islands() -> None:
    """There is no migration and no further island, though every third outcome and each second would bring one."""
    strategy, _ = played(60)
    living = homes(strategy)
    assert set(living.values()) == {0, 1}
    split = {good: {living[each.id] for each in strategy.members() if good_at_first(each) is good} for good in (True, False)}
    assert all(len(numbers) == 1 for numbers in split.values())
    assert split[True] != split[False]


def test_children_live_with_their_like_and_not_with_their_parents() -> None:
    """Of those that came late and stayed, some were bred on the other island."""
    strategy, run = played(80)
    living = homes(strategy)
    asked = {event.number: event.request for event in run.log if isinstance(event, Ask)}
    bred = {
        event.outcome.id: asked[event.number].tag
        for event in run.log
        if isinstance(event, Tell) and isinstance(event.outcome, Candidate)
    }
    moved = [each for each, home in living.items() if isinstance(bred[each], tuple) and bred[each][0] != home]  # type: ignore[index]
    assert moved


def test_no_operator_and_no_niche_starves() -> None:
    """Exploring shows one parent of each niche, and both niches are bred on."""
    strategy, _ = played(40)
    living = homes(strategy)
    operators, numbers = Counter[str](), Counter[int]()
    for _ in range(300):
        request = strategy.ask()
        operators[request.operator] += 1
        numbers[living[request.parents[0].id]] += 1
        if request.operator == "explore":
            assert {living[parent.id] for parent in request.parents} == {0, 1}
    assert set(operators) == {"exploit", "explore"}
    assert min(operators.values()) > 30
    assert min(numbers.values()) > 30


def test_of_what_has_no_room_the_best_stay() -> None:
    """Seven of one behaviour and one of the other on islands of four."""
    islands = [AdaptiveIsland(4), AdaptiveIsland(4)]
    niches = NicheIslands(islands, NichesConfig(count=2))
    members = [specialist(number, first=True, worth=number / 10) for number in range(1, 8)] + [specialist(8, first=False)]
    islands[0].members, islands[1].members = members[:4], members[4:]
    niches.regroup()
    kept = {number: [member.id for member in island.members] for number, island in enumerate(islands)}
    best = sorted(sorted(members[:7], key=lambda member: member.objective or 0.0)[:4], key=lambda member: member.id)
    assert sorted(kept.values()) == sorted([[member.id for member in best], [8]])
    assert niches.occupied == [0, 1]


def test_before_anything_works_all_islands_are_asked_for() -> None:
    islands = [AdaptiveIsland(4), AdaptiveIsland(4)]
    niches = NicheIslands(islands, NichesConfig(count=2))
    assert niches.occupied == [0, 1]
    islands[1].receive(specialist(1, first=True))
    assert niches.occupied == [1]
