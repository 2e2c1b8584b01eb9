"""The page of what a strategy holds, in a browser: what the live strategy holds, for every method that has something."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from evoheur.archive.archive import Archive
from evoheur.strategies.strategy import Strategy
from evoheur.strategies.structure import ElitesInGrid, PortfolioShares, SearchIslands, SearchTree
from tests.evoheur.archive.support.made_up import new_run
from tests.evoheur.charts.support.played_runs import play_into
from tests.evoheur.ui.support.browser import Onlooker, looking
from tests.evoheur.ui.support.hostile_candidates import HARM
from tests.evoheur.ui.support.running_view import RunningView, running_view

pytestmark = pytest.mark.slow

METHODS: Mapping[str, Mapping[str, Any]] = {
    "eoh": {"population_size": 4},
    "mcts_ahd": {},
    "funsearch": {"islands": 4, "reset_every": 12},
    "map_elites": {"initial": 5},
    "portfolio": {"members": [{"kind": "mcts_ahd"}, {"kind": "random"}]},
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Strategy]]:
    """An archive with a run of every method, and their strategies as they stand."""
    path = tmp_path_factory.mktemp("played") / "runs.db"
    with Archive.open(f"sqlite:///{path}", create=True) as archive:
        held = {kind: play_into(archive, kind, {"kind": kind, **settings}) for kind, settings in METHODS.items()}
        play_into(archive, "harmful", {"kind": "portfolio", "members": [{"kind": "mcts_ahd"}, {"kind": "eoh"}]}, thought=HARM)
        new_run(archive, "unknown", config={"strategy": {"kind": HARM}, "problem": HARM, "generator": {"kind": HARM}})
        new_run(archive, "recording", config={"generator": {"kind": "recorded", "run": "recording"}})
    return path, held


@pytest.fixture(scope="module")
def structures(played: tuple[Path, Mapping[str, Strategy]]) -> Iterator[RunningView]:
    with running_view(f"sqlite:///{played[0]}") as found:
        yield found


@pytest.fixture
def visitor(browser: Browser, structures: RunningView) -> Iterator[Onlooker]:
    with looking(browser, structures.entrance) as found:
        yield found


def opened(visitor: Onlooker, view: RunningView, run: str) -> Page:
    visitor.page.goto(f"{view.base}/run/{run}/structure")
    visitor.page.wait_for_selector("#held")
    return visitor.page


def points(page: Page, chart: str) -> list[int]:
    """The candidates that a chart shows."""
    traces = page.evaluate(f"document.querySelector('.{chart}').data.map(t => (t.customdata || []).flat())")
    return sorted(number for trace in traces for number in trace if number is not None)


def test_a_search_tree_is_drawn(visitor: Onlooker, structures: RunningView, played: tuple[Path, Mapping[str, Strategy]]) -> None:
    tree = played[1]["mcts_ahd"].structure()
    assert isinstance(tree, SearchTree)
    page = opened(visitor, structures, "mcts_ahd")
    assert points(page, "tree") == sorted(spot.candidate for spot in tree.spots if spot.candidate is not None)


def test_islands_are_drawn_and_listed(
    visitor: Onlooker, structures: RunningView, played: tuple[Path, Mapping[str, Strategy]]
) -> None:
    held = played[1]["funsearch"].structure()
    assert isinstance(held, SearchIslands)
    page = opened(visitor, structures, "funsearch")
    assert points(page, "islands-chart") == sorted(cluster.shortest for island in held.islands for cluster in island.clusters)
    rows = page.locator("table.islands tbody tr")
    assert [row.split("\t")[1] for row in rows.all_inner_texts()] == [f"funsearch/{island.best}" for island in held.islands]


def test_a_grid_has_its_axes_named(
    visitor: Onlooker, structures: RunningView, played: tuple[Path, Mapping[str, Strategy]]
) -> None:
    held = played[1]["map_elites"].structure()
    assert isinstance(held, ElitesInGrid)
    page = opened(visitor, structures, "map_elites")
    assert points(page, "grid") == sorted(elite.candidate for elite in held.elites)
    axes = page.evaluate("(l => [l.yaxis.title.text, l.xaxis.title.text])(document.querySelector('.grid').layout)")
    assert axes == ["calls", "nodes"] == list(held.axes)


def test_a_portfolio_s_shares_add_up_at_every_moment(
    visitor: Onlooker, structures: RunningView, played: tuple[Path, Mapping[str, Strategy]]
) -> None:
    held = played[1]["portfolio"].structure()
    assert isinstance(held, PortfolioShares)
    page = opened(visitor, structures, "portfolio")
    shares = page.evaluate("document.querySelector('.shares').data.map(t => t.y)")
    assert len(shares) == 2
    assert [sum(moment) for moment in zip(*shares, strict=True)] == pytest.approx([100.0] * len(shares[0]))
    rows = page.locator("table.portfolio tbody tr").all_inner_texts()
    assert [row.split("\t")[:2] for row in rows] == [[member.name, str(member.asked)] for member in held.members]
    assert page.locator(".tree").count() == 1, "a member's own structure stands below"


def test_every_method_has_its_population_listed(
    visitor: Onlooker, structures: RunningView, played: tuple[Path, Mapping[str, Strategy]]
) -> None:
    page = opened(visitor, structures, "eoh")
    assert "holds a population only" in page.locator("#held").inner_text()
    listed = page.locator("#members tbody a").all_inner_texts()
    assert listed == [f"eoh/{member.id}" for member in played[1]["eoh"].members()]


def test_what_cannot_be_replayed_is_a_sentence(visitor: Onlooker, structures: RunningView) -> None:
    visitor.page.goto(f"{structures.base}/run/recording/structure")
    expect(visitor.page.locator("#state")).to_contain_text("recording from a file", timeout=60_000)


def test_what_a_model_wrote_is_text(visitor: Onlooker, structures: RunningView) -> None:
    """On the page itself, in Plotly's labels, and in the sentence about a run that cannot be played."""
    page = opened(visitor, structures, "harmful")
    expect(page.locator("#members tbody tr").first).to_contain_text(HARM)
    page.wait_for_function("document.querySelector('.tree').data !== undefined")
    visitor.page.goto(f"{structures.base}/run/unknown/structure")
    expect(page.locator("#state")).to_contain_text("<script>window.harmed", timeout=60_000)
    assert page.evaluate("window.harmed") is None
    assert page.locator("main script, main img, main b").count() == 0
