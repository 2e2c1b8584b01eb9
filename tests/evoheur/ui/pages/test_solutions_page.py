"""The page with solutions side by side, in a browser: drawn where the problem draws, as a table where it does not."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import evoheur
from evoheur.archive.archive import Archive
from tests.evoheur.ui.support.browser import Onlooker, looking
from tests.evoheur.ui.support.running_view import RunningView, running_view
from tests.evoheur.ui.support.watched_archive import tiny_settings

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)>"


def few_cities(folder: Path) -> str:
    """Write two instances into a new folder; returns it."""
    folder.mkdir()
    rng = random.Random(folder.name)
    for cities in (12, 15):
        places = "".join(f"{rng.random()},{rng.random()}\n" for _ in range(cities))
        (folder / f"{folder.name}-{cities}.csv").write_text(f"x,y\n{places}")
    return str(folder)


@pytest.fixture(scope="module")
def tours(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, evoheur.Result]:
    """An archive with a run whose problem draws, and one of which nothing is kept."""
    folder = tmp_path_factory.mktemp("tours")
    archive = folder / "evoheur.db"
    settings = tiny_settings(
        "tsp_insertion",
        generator={"kind": "mutator"},
        budget={"evaluations": 4},
        audit=False,
        evaluation={"sandbox": {"kind": "process"}, "executor": {"kind": "local", "slots": 1}},
    )
    result = evoheur.discover(settings, archive=archive, name="tours")
    # Of few cities: textbook rules with local search take seconds over the problem's own.
    few = {"name": "tsp_insertion", "instances": {split: few_cities(folder / split) for split in ("train", "validation")}}
    evoheur.discover({**settings, "problem": few, "solutions": False, "budget": {"evaluations": 1}}, archive=archive, name="none")
    return archive, result


@pytest.fixture(scope="module")
def view_of_tours(tours: tuple[Path, evoheur.Result]) -> Iterator[RunningView]:
    with running_view(f"sqlite:///{tours[0]}") as found:
        yield found


@pytest.fixture
def onlooker_of_tours(browser: Browser, view_of_tours: RunningView) -> Iterator[Onlooker]:
    with looking(browser, view_of_tours.entrance) as found:
        yield found


def test_the_best_is_drawn_beside_the_textbook_at_the_archives_cost(
    onlooker_of_tours: Onlooker, view_of_tours: RunningView, tours: tuple[Path, evoheur.Result]
) -> None:
    archive, result = tours
    assert result.best is not None
    page = onlooker_of_tours.page
    page.goto(f"{view_of_tours.base}/run/tours")
    page.get_by_role("link", name="Solutions").click()
    panels = page.locator("section.solution")
    assert panels.count() == 2
    assert panels.nth(0).locator("h2").inner_text() == result.best.id
    assert panels.nth(1).locator("h2").inner_text().startswith("textbook:")
    instance = page.locator("select[name=instance]").input_value().removeprefix("validation:")
    with evoheur.open_archive(archive) as opened:
        scored = opened.candidate("tours", result.best.candidate.id).evaluations["validation"].results
    [cost] = [each.cost for each in scored if each.instance == instance]
    assert panels.nth(0).locator(".cost").inner_text() == f"{cost:.10g}"
    cities = int(re.findall(r"tour of (\d+) cities", panels.nth(0).locator("svg > title").text_content() or "")[0])
    for number in range(2):
        assert panels.nth(number).locator("svg circle").count() == cities
        assert panels.nth(number).locator("svg polygon").count() == 1
        box = panels.nth(number).locator("svg").bounding_box()
        assert box is not None
        assert box["width"] > 300
    assert page.locator(".remark").count() == 0


def test_instance_and_heuristics_are_chosen(onlooker_of_tours: Onlooker, view_of_tours: RunningView) -> None:
    page = onlooker_of_tours.page
    page.goto(f"{view_of_tours.base}/run/tours/solutions")
    instances = page.locator("select[name=instance] option").evaluate_all("all => all.map(each => each.value)")
    assert len(instances) > 1
    page.select_option("select[name=instance]", instances[1])
    page.select_option("select[name=left]", "0")
    page.select_option("select[name=right]", "textbook:nearest_insertion")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(lambda address: "left=0" in address)
    assert page.locator("section.solution h2").all_inner_texts() == ["tours/0", "textbook:nearest_insertion"]
    assert page.locator("select[name=instance]").input_value() == instances[1]
    assert instances[1].removeprefix("validation:") in page.locator("section.solution").first.inner_html()


def test_a_run_of_which_nothing_is_kept_says_how_to_make_one(onlooker_of_tours: Onlooker, view_of_tours: RunningView) -> None:
    onlooker_of_tours.page.goto(f"{view_of_tours.base}/run/none/solutions")
    assert "evoheur plot solution none/best" in onlooker_of_tours.page.locator("main").inner_text()


def test_another_instance_than_those_is_refused_in_a_sentence(onlooker_of_tours: Onlooker, view_of_tours: RunningView) -> None:
    onlooker_of_tours.expected.append("400")
    onlooker_of_tours.page.goto(f"{view_of_tours.base}/run/tours/solutions?instance={HOSTILE}")
    assert f"No solution of '{HOSTILE}' is kept" in onlooker_of_tours.page.locator("main").inner_text()
    assert onlooker_of_tours.page.locator("main img").count() == 0


def test_a_problem_that_draws_nothing_has_a_table(onlooker: Onlooker, view: RunningView) -> None:
    onlooker.page.goto(f"{view.base}/run/tiny/solutions")
    panels = onlooker.page.locator("section.solution")
    assert panels.count() == 2
    assert panels.first.locator("tbody tr").count() == 60
    assert onlooker.page.locator("svg").count() == 0


def test_a_hostile_name_and_a_problem_that_is_gone_show_as_text(browser: Browser, scheduling: str, tmp_path: Path) -> None:
    """What is kept is shown as a table then, with the reason."""
    archive, folder = tmp_path / "evoheur.db", tmp_path / "gone"
    folder.mkdir()
    (folder / "problem.py").write_text((Path(scheduling) / "problem.py").read_text())
    evoheur.discover(tiny_settings(str(folder)), archive=archive, name="gone")
    with Archive.open(f"sqlite:///{archive}") as opened:
        opened.keep_solutions(opened.run("gone").id, 0, "validation", {HOSTILE: [HOSTILE, 1]})
    (folder / "problem.py").unlink()
    with running_view(f"sqlite:///{archive}") as view, looking(browser, view.entrance) as found:
        found.page.goto(f"{view.base}/run/gone/solutions?instance=validation:{HOSTILE}&left=0")
        assert found.page.locator("main img").count() == 0
        assert HOSTILE in found.page.locator("section.solution tbody").first.inner_text()
        assert "problem" in found.page.locator("#fault").inner_text()
