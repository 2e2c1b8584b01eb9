"""The setting `mate` of every method with a crossover: whom it shows, and that the run is replayed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import pytest

from evoheur.components import resolve_kind
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.mate_choice import MateSetting, chosen_mates
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun, made_up_candidate
from tests.evoheur.strategies.support.scored import scored_candidate

_ROWS = [[2.0, 2.0, 2.0], [0.0, 6.0, 6.5], [6.0, 0.0, 6.0], [3.0, 3.0, 3.0], [5.0, 5.0, 0.0]]
_MEMBERS = [scored_candidate(number, row) for number, row in enumerate(_ROWS, 1)]
MEMBERS = [
    replace(member, evaluation=replace(member.evaluation, measures={"nodes": 40.0 * 1.5**place, "operations": 9.0 - place}))
    for place, member in enumerate(_MEMBERS)
]
RANKED = sorted([made_up_candidate(0, 4.5), *MEMBERS], key=lambda member: (member.objective or 0.0, member.id))

_ENDLESS = {"population_size": 10_000, "initial": 5}  # the first generation never ends
METHODS: Mapping[str, tuple[Mapping[str, Any], set[str]]] = {
    "reevo": (_ENDLESS, {"reflect_short", "crossover"}),
    "hsevo": (_ENDLESS | {"harmony_evaluations": 0}, {"crossover"}),
    "calm": ({"population_size": 5, "initial": 5, "collapse_growth": 0}, {"crossover"}),
    "nsga2": ({"population_size": 5, "initial": 5, "parents": 3}, {"e1", "e2"}),
    "meoh": ({"population_size": 5, "initial": 5, "parents": 3}, {"e1", "e2"}),
    "mcts_ahd": ({"initial": 5, "align_thoughts": False, "attempts": 1}, {"e2"}),
    "funsearch": ({"islands": 1, "functions_per_prompt": 3, "temperature": 50}, {"improve"}),
    "adaevolve": ({"islands": 1, "most_islands": 1, "ideas": 0, "seed_with_baseline": False}, {"explore"}),
    "map_elites": ({"initial": 5}, {"combine"}),
    "lhns": ({"variant": "ts", "patience": 1}, {"merge"}),
}


def config(kind: str, **settings: Any) -> StrategyConfig:
    """A method's configuration, for short runs."""
    config_type = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    return config_type.model_validate({"kind": kind, **METHODS[kind][0], **settings})


def frozen() -> Callable[[int, Request, int], Outcome]:
    """Outcomes of which the first heuristics are the members, and all others fail."""
    left = list(MEMBERS)

    def outcome(number: int, request: Request, identity: int) -> Outcome:
        if request.produces == "heuristic" and left:
            return left.pop(0)
        return Failure(stage="parsing", reason="no-code", detail="made up")

    return outcome


def crossings(kind: str, mate: MateSetting) -> list[Request]:
    """The requests of a method's crossover, once nothing changes any more."""
    asked = StrategyRun(config(kind, mate=mate), frozen(), watch=False).play_in_order(400)
    crossed = [request for request in asked[20:] if request.operator in METHODS[kind][1] and len(request.parents) > 1]
    assert len(crossed) > 10
    return crossed


@pytest.mark.parametrize("kind", METHODS)
def test_every_crossover_shows_a_parent_and_its_mates(kind: str) -> None:
    """By distance and as complements, the mates follow from one of the parents; who that is differs, but for a current one."""
    ways: list[Literal["distance", "complement"]] = ["distance", "complement"]
    for way in ways:
        shown = [request.parents for request in crossings(kind, way)]
        for parents in shown:
            follow = partial(chosen_mates, ranked=RANKED, count=len(parents) - 1, by=way)
            assert any({each.id for each in (first, *follow(first))} == {each.id for each in parents} for first in parents)
        assert kind in {"lhns", "mcts_ahd"} or len({frozenset(parent.id for parent in parents) for parents in shown}) > 1


@pytest.mark.parametrize("kind", METHODS)
def test_by_rank_no_parent_comes_twice_and_mates_differ(kind: str) -> None:
    shown = [request.parents for request in crossings(kind, "rank")]
    assert all(len({parent.id for parent in parents}) == len(parents) for parents in shown)
    assert len({frozenset(parent.id for parent in parents) for parents in shown}) > 2


@pytest.mark.parametrize("kind", METHODS)
def test_the_default_is_the_published_way(kind: str) -> None:
    assert config(kind).model_dump()["mate"] == ("rank" if kind == "mcts_ahd" else "published")


@pytest.mark.nightly
class TestReEvoMates(StrategyContract):
    def config(self) -> StrategyConfig:
        """Pairs by distance; several generations."""
        return config("reevo", population_size=4, mate="distance")


@pytest.mark.nightly
class TestHsEvoMates(StrategyContract):
    def config(self) -> StrategyConfig:
        """Pairs by rank, by generations."""
        return config("hsevo", population_size=4, mate="rank", generational=True)


@pytest.mark.nightly
class TestNsga2Mates(StrategyContract):
    def config(self) -> StrategyConfig:
        """Complements of two objectives' fronts."""
        return config("nsga2", mate="complement")


@pytest.mark.nightly
class TestCalmMates(StrategyContract):
    def config(self) -> StrategyConfig:
        """By rank, which draws once more."""
        return config("calm", mate="rank")


class TestFunSearchMates(StrategyContract):
    def config(self) -> StrategyConfig:
        """Distant clusters of islands that are reset."""
        return config("funsearch", islands=3, mate="distance", reset_every=20)


@pytest.mark.nightly
class TestMctsMates(StrategyContract):
    def config(self) -> StrategyConfig:
        """An elite that complements the node."""
        return config("mcts_ahd", mate="complement", align_thoughts=True)


@pytest.mark.nightly
class TestAdaEvolveMates(StrategyContract):
    def config(self) -> StrategyConfig:
        """By rank, which draws once more."""
        return config("adaevolve", mate="rank", ideas=2)


@pytest.mark.nightly
class TestMapElitesMates(StrategyContract):
    def config(self) -> StrategyConfig:
        """By rank over all cells."""
        return config("map_elites", mate="rank")


@pytest.mark.nightly
class TestLhnsMates(StrategyContract):
    def config(self) -> StrategyConfig:
        """An elite by rank."""
        return config("lhns", mate="rank", patience=2)
