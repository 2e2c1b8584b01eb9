"""The page that compares runs, beside the command that does."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.evoheur.cli.support.invoking import evoheur
from tests.evoheur.ui.support.browser import looking
from tests.evoheur.ui.support.client import viewer
from tests.evoheur.ui.support.made_up_archive import many_runs
from tests.evoheur.ui.support.running_view import running_view
from tests.evoheur.ui.support.watched_archive import discover_tiny


@pytest.fixture(scope="module")
def arms(tmp_path_factory: pytest.TempPathFactory, scheduling: str) -> str:
    """URL of an archive with two arms of two seeds each."""
    archive = tmp_path_factory.mktemp("arms") / "evoheur.db"
    for strategy in ({"kind": "eoh", "population_size": 3, "parents": 2}, {"kind": "random"}):
        for seed in (1, 2):
            discover_tiny(archive, scheduling, f"{strategy['kind']}-{seed}", strategy=strategy, seed=seed)
    return f"sqlite:///{archive}"


@pytest.mark.slow
def test_the_page_says_what_the_command_says(browser: Browser, arms: str) -> None:
    document = evoheur("compare", "eoh-*", "random-*", "--json", "--archive", arms).document
    with running_view(arms) as view, looking(browser, view.entrance) as onlooker:
        page = onlooker.page
        page.goto(f"{view.base}/compare?runs=eoh-*+random-*")
        expect(page.locator('[data-figure="verdict"]')).to_have_text(document["verdict"]["sentence"], timeout=60_000)
        for axis, cut in document["cuts"].items():
            for arm in cut["arms"]:
                shown = page.locator(f'[data-cut="{axis}"][data-table="arms"] [data-arm="{arm["arm"]}"]').inner_text()
                assert f"{arm['train']['median']:.2f} %" in shown
                assert f"[{arm['train']['low']:.2f} %, {arm['train']['high']:.2f} %]" in shown
            for run in cut["runs"]:
                shown = page.locator(f'[data-cut="{axis}"][data-table="runs"] [data-run="{run["run"]}"]').inner_text()
                assert run["candidate"] in shown
                assert f"{run['train']:.2f} %" in shown
            tests = page.locator(f'[data-cut="{axis}"][data-table="tests"] tbody tr').all_inner_texts()
            assert [f"{test['p_holm']:.4f}" in words for test, words in zip(cut["tests"], tests, strict=True)] == [True] * len(
                tests
            )
            drawn = page.evaluate(f"document.getElementById('curves-{axis}').data.map((each) => [each.name, each.y.at(-1)])")
            medians = {name: value for name, value in drawn if name is not None}
            for arm in cut["arms"]:
                assert medians[arm["arm"]] == pytest.approx(min(arm["train"]["median"], document["own_objective"]))


@pytest.mark.slow
def test_what_is_marked_in_the_table_is_compared(browser: Browser, arms: str) -> None:
    with running_view(arms) as view, looking(browser, view.entrance) as onlooker:
        page = onlooker.page
        page.get_by_label("mark eoh-1").check()
        page.get_by_label("mark random-1").check()
        page.get_by_role("button", name="Compare the marked").click()
        expect(page.locator('[data-cut="calls"][data-table="runs"] [data-run]')).to_have_count(2, timeout=60_000)


def test_a_comparison_is_made_again_only_if_a_run_came_further(arms: str) -> None:
    client = viewer(arms)
    first = client.get("/data/compare", params={"run": ["eoh-1", "random-1"]}).json()
    again = client.get("/data/compare", params={"run": ["eoh-1", "random-1"], "stamp": first["stamp"]}).json()
    assert again == {"stamp": first["stamp"]}


@pytest.mark.parametrize("words", ["nothing", "no-such-*"])
def test_what_cannot_be_compared_is_answered_in_a_sentence(arms: str, words: str) -> None:
    answer = viewer(arms).get("/data/compare", params={"runs": words})
    assert answer.status_code == 404
    assert words in answer.json()["error"]


def test_without_runs_the_page_says_what_to_name(watched: Path) -> None:
    assert "Name runs of one problem" in viewer(f"sqlite:///{watched}").get("/compare").text


def test_a_comparison_of_nothing_asks_for_names(tmp_path: Path) -> None:
    many_runs(tmp_path / "runs.db", 1)
    answer = viewer(f"sqlite:///{tmp_path / 'runs.db'}").get("/data/compare?run=")
    assert answer.status_code == 400
    assert "No run was named to compare" in answer.json()["error"]
