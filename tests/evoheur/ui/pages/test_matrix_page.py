"""The page of heuristics by instances, in a browser."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from evoheur import open_archive
from evoheur.api.run_textbook import score_textbook_on_split
from evoheur.charts.instance_matrix import instance_matrix
from tests.evoheur.ui.support.browser import Onlooker, looking
from tests.evoheur.ui.support.hostile_candidates import HARM, harmful_archive
from tests.evoheur.ui.support.running_view import RunningView, running_view
from tests.evoheur.ui.support.watched_archive import discover_packing

pytestmark = pytest.mark.slow


def heat(page: Page) -> Any:
    """What Plotly drew."""
    page.wait_for_selector("#matrix .hm")
    return page.evaluate(
        "({z: document.getElementById('matrix').data[0].z, rows: document.getElementById('matrix').layout.yaxis.ticktext})"
    )


def test_the_matrix_is_that_of_the_archive(onlooker: Onlooker, view: RunningView, watched: Path) -> None:
    with open_archive(watched) as archive:
        matrix = instance_matrix(archive, "tiny")
    onlooker.page.goto(f"{view.base}/run/tiny/matrix")
    drawn = heat(onlooker.page)
    assert drawn["z"] == [list(row.values) for row in matrix.rows]
    assert [name.split()[0] for name in drawn["rows"]] == [row.name for row in matrix.rows]
    assert f"on {len(matrix.columns)} instances of {matrix.split}" in onlooker.page.locator("#state").inner_text()
    assert onlooker.page.locator("#pairs tbody td[title]").count() == 3 * len(matrix.pairs)


def test_textbook_rules_join_once_they_are_scored(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    discover_packing(path, "packing")
    with running_view(f"sqlite:///{path}") as view, looking(browser, view.entrance) as onlooker:
        page = onlooker.page
        page.goto(f"{view.base}/run/packing/matrix")
        page.select_option("select[name=split]", "train")
        page.select_option("select[name=textbook]", "yes")
        page.click("#choice button")
        page.wait_for_selector("#matrix .ytick >> text=(textbook)", timeout=120_000)
        drawn = heat(page)
    with open_archive(path) as archive:
        rules = score_textbook_on_split(archive.run("packing"), "train")
        matrix = instance_matrix(archive, "packing", split="train", textbook=rules)
    assert set(rules) <= {row.name for row in matrix.rows}
    assert drawn["z"] == [list(row.values) for row in matrix.rows]


def test_a_split_that_there_is_not_is_a_sentence(onlooker: Onlooker, view: RunningView) -> None:
    onlooker.expected.append("400")
    onlooker.page.goto(f"{view.base}/run/tiny/matrix?split=trian")
    assert "There is no split 'trian'" in onlooker.page.locator(".sentence").inner_text()


def test_hostile_names_are_shown_as_texts(browser: Browser, tmp_path: Path) -> None:
    with running_view(f"sqlite:///{harmful_archive(tmp_path)}") as view, looking(browser, view.entrance) as onlooker:
        page = onlooker.page
        page.goto(f"{view.base}/run/harmful/matrix?split=train")
        heat(page)
        assert HARM in (page.locator("#matrix .xtick text").first.text_content() or "")
        assert page.locator("main img").count() == 0
        assert page.evaluate("window.harmed") is None
