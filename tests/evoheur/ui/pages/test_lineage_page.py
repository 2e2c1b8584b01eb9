"""The page of a run's family tree, in a browser."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from evoheur import open_archive
from evoheur.archive.archive import Archive
from evoheur.charts.family_tree import family_tree
from tests.evoheur.archive.support.made_up import candidate, step
from tests.evoheur.charts.support.played_runs import play_into
from tests.evoheur.ui.support.browser import Onlooker, looking
from tests.evoheur.ui.support.hostile_candidates import HARM, harmful_archive
from tests.evoheur.ui.support.running_view import RunningView, running_view

pytestmark = pytest.mark.slow


def traces(page: Page) -> dict[str, Any]:
    """What Plotly drew: name of a trace → the trace."""
    page.wait_for_selector("#tree .main-svg")
    drawn = page.evaluate(
        "document.getElementById('tree').data.map(t => ({name: t.name, x: t.x, y: t.y, customdata: t.customdata}))"
    )
    return {trace["name"]: trace for trace in drawn}


def test_every_candidate_hangs_in_the_tree_and_the_best_s_line_is_lit(
    onlooker: Onlooker, view: RunningView, watched: Path
) -> None:
    with open_archive(watched) as archive:
        tree = family_tree(archive, "tiny")
    onlooker.page.goto(f"{view.base}/run/tiny/lineage")
    drawn = traces(onlooker.page)
    numbers = [number for trace in drawn.values() for number in trace["customdata"] or ()]
    assert sorted(numbers) == [node.number for node in tree.nodes]
    steps = [edge for edge in tree.edges if edge.on_line]
    assert len(drawn["line of the best"]["x"]) == 3 * len(steps) if steps else "line of the best" not in drawn
    links = onlooker.page.locator("#line a").all_inner_texts()
    assert links == [f"tiny/{number}" for number in tree.line]
    assert onlooker.page.locator("#sampled").inner_text() == f"{tree.total} candidates."


def test_the_tree_follows_the_run(browser: Browser, tmp_path: Path) -> None:
    """A candidate that comes while somebody looks hangs in the tree soon after, and takes the light if it is the best."""
    path = tmp_path / "runs.db"
    with Archive.open(f"sqlite:///{path}", create=True) as archive:
        play_into(archive, "live", {"kind": "eoh", "population_size": 4}, requests=20)
        run = archive.run("live")
        with running_view(f"sqlite:///{path}") as view, looking(browser, view.entrance) as onlooker:
            onlooker.page.goto(f"{view.base}/run/live/lineage")
            traces(onlooker.page)
            following = len(archive.descents("live"))
            step(archive, run, candidate(following, 0.001, parents=(0,)))
            expect(onlooker.page.locator("#line")).to_have_text(f"The best: live/{following} from live/0", timeout=60_000)


def test_a_click_opens_the_candidate(onlooker: Onlooker, view: RunningView) -> None:
    page = onlooker.page
    page.goto(f"{view.base}/run/tiny/lineage")
    traces(page)
    page.evaluate("document.getElementById('tree').emit('plotly_click', {points: [{customdata: 1}]})")
    page.wait_for_url("**/run/tiny/candidate/1")


def test_hostile_names_are_shown_as_texts(browser: Browser, tmp_path: Path) -> None:
    with running_view(f"sqlite:///{harmful_archive(tmp_path)}") as view, looking(browser, view.entrance) as onlooker:
        page = onlooker.page
        page.goto(f"{view.base}/run/harmful/lineage")
        traces(page)
        assert HARM in (page.locator("#tree .legend").text_content() or "")
        assert page.locator("main img").count() == 0
        assert page.evaluate("window.harmed") is None
