"""What a strategy holds, read off a replay: the same as the live strategy holds, for every method that has something."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.charts.search_structure import ReplayStopped, search_structure
from evoheur.errors import ReplayDiverged
from evoheur.strategies.structure import ElitesInGrid, PortfolioShares, SearchIslands, SearchTree, Structure
from tests.evoheur.archive.support.made_up import new_run
from tests.evoheur.charts.support.played_runs import play_into

PORTFOLIO = {"kind": "portfolio", "members": [{"kind": "mcts_ahd"}, {"kind": "random"}, {"kind": "random"}]}
KINDS: list[tuple[Mapping[str, Any], type[Structure]]] = [
    ({"kind": "mcts_ahd"}, SearchTree),
    ({"kind": "funsearch", "islands": 4, "reset_every": 12}, SearchIslands),
    ({"kind": "adaevolve", "island_size": 6, "cooldown": 8}, SearchIslands),
    ({"kind": "sfs", "seeds": 2}, SearchTree),
    ({"kind": "map_elites", "initial": 5}, ElitesInGrid),
    (PORTFOLIO, PortfolioShares),
]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path}/runs.db", create=True) as opened:
        yield opened


@pytest.mark.parametrize(("strategy", "kind"), KINDS, ids=[str(strategy["kind"]) for strategy, _ in KINDS])
def test_a_replay_shows_what_the_live_strategy_holds(
    archive: Archive, strategy: Mapping[str, Any], kind: type[Structure]
) -> None:
    live = play_into(archive, "r", strategy)
    found = search_structure(archive, "r")
    assert isinstance(found.structure, kind)
    assert found.structure == live.structure()
    assert found.members == tuple(member.id for member in live.members())
    assert found.elites == tuple(elite.id for elite in live.elites())
    assert (found.run, found.strategy) == ("r", strategy["kind"])
    assert 50 <= found.requests < 60


def test_what_is_put_around_a_strategy_hides_nothing(archive: Archive) -> None:
    live = play_into(archive, "r", {"kind": "mcts_ahd"}, notes=False, tune={"top": 2, "settled": 5}, repair=1)
    held = search_structure(archive, "r").structure
    assert isinstance(held, SearchTree)
    assert held == live.structure()


def test_a_method_with_a_population_only_has_no_structure(archive: Archive) -> None:
    live = play_into(archive, "r", {"kind": "eoh", "population_size": 4})
    found = search_structure(archive, "r")
    assert (found.structure, found.shares) == (None, ())
    assert set(found.members) == {member.id for member in live.members()}


def test_every_spot_of_a_tree_hangs_below_an_earlier_one(archive: Archive) -> None:
    play_into(archive, "r", {"kind": "mcts_ahd"})
    held = search_structure(archive, "r").structure
    assert isinstance(held, SearchTree)
    root, *others = held.spots
    assert (root.candidate, root.parent, root.depth) == (None, None, 0)
    for spot in others:
        assert spot.parent is not None
        assert spot.parent < spot.number
        assert spot.depth == held.spots[spot.parent].depth + 1
        assert spot.value is not None
        assert spot.objective is not None
        assert spot.value <= spot.objective, "the best of itself and its children"


def test_islands_have_all_their_programs_in_clusters(archive: Archive) -> None:
    play_into(archive, "r", {"kind": "funsearch", "islands": 4, "reset_every": 12})
    held = search_structure(archive, "r").structure
    assert isinstance(held, SearchIslands)
    assert sum(island.resets for island in held.islands) > 0
    for island in held.islands:
        assert sum(cluster.programs for cluster in island.clusters) == island.registered
        assert island.best_objective == min(cluster.objective for cluster in island.clusters)


def test_shares_grow_from_nothing_to_what_each_member_was_asked(archive: Archive) -> None:
    play_into(archive, "r", PORTFOLIO)
    found = search_structure(archive, "r", moments=10)
    assert isinstance(found.structure, PortfolioShares)
    assert [member.name for member in found.structure.members] == ["mcts_ahd", "random (2)", "random (3)"]
    assert isinstance(found.structure.members[0].structure, SearchTree)
    requests = [moment.requests for moment in found.shares]
    assert requests == sorted(set(requests))
    assert (requests[0], requests[-1]) == (0, 60)
    assert 5 <= len(requests) <= 15
    assert found.shares[-1].asked == tuple(member.asked for member in found.structure.members)


def test_a_run_without_a_baseline_yet_holds_nothing(archive: Archive) -> None:
    play_into(archive, "other", {"kind": "eoh"}, requests=1)
    new_run(archive, "r", config=dict(archive.run("other").config))
    found = search_structure(archive, "r")
    assert (found.requests, found.members, found.structure) == (0, (), None)


def test_a_strategy_that_does_otherwise_today_is_refused(archive: Archive) -> None:
    play_into(archive, "other", {"kind": "eoh", "population_size": 4})
    config = dict(archive.run("other").config)
    archive.update_config(archive.run("other").id, {**config, "seed": 77})
    with pytest.raises(ReplayDiverged, match="the strategy now asks for"):
        search_structure(archive, "other")


def test_a_recording_from_a_file_is_refused(archive: Archive) -> None:
    new_run(archive, "r", config={"generator": {"kind": "recorded", "run": "r"}})
    with pytest.raises(ReplayDiverged, match="recording from a file"):
        search_structure(archive, "r")


def test_a_replay_that_nobody_waits_for_any_more_ends(archive: Archive) -> None:
    play_into(archive, "r", {"kind": "eoh", "population_size": 4})
    answers = iter([True, True, False])
    with pytest.raises(ReplayStopped):
        search_structure(archive, "r", moments=10, wanted=lambda: next(answers))
