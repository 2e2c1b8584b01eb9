"""The page with the table of runs: what it shows, what is done to runs there, and how it follows the archive."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from evoheur.api.archives import open_archive
from evoheur.archive.archive import Archive
from evoheur.observers.number_text import count, money
from tests.evoheur.cli.support.invoking import evoheur
from tests.evoheur.ui.support.browser import Onlooker, looking
from tests.evoheur.ui.support.client import viewer
from tests.evoheur.ui.support.made_up_archive import many_runs
from tests.evoheur.ui.support.running_view import running_view
from tests.evoheur.ui.support.watched_archive import live_run

COUNT = 60


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A viewer of 60 runs; run-N has N candidates, and the more it has the better is its best."""
    return viewer(f"sqlite:///{many_runs(tmp_path_factory.mktemp('many') / 'evoheur.db', COUNT)}")


def names(client: TestClient, **query: str | int) -> list[str]:
    return re.findall(r'<tr data-run="([^"]*)"', client.get("/", params=query).text)


def numbered(*numbers: int) -> list[str]:
    return [f"run-{number}" for number in numbers]


def test_the_newest_come_first_and_pages_are_cut_by_the_server(many: TestClient) -> None:
    assert names(many) == numbered(*range(60, 35, -1))
    assert names(many, page=2) == numbered(*range(35, 10, -1))
    assert names(many, page=3) == numbered(*range(10, 0, -1))
    assert names(many, page=99) == names(many, page=3)
    assert "60 runs, page 2 of 3" in many.get("/", params={"page": 2}).text


@pytest.mark.parametrize("column", ["train", "evaluations", "calls", "tokens"])
def test_runs_are_sorted_by_any_figure_in_either_direction(many: TestClient, column: str) -> None:
    """The best has most candidates, so that gaps go the other way round than what was spent."""
    best_first = ("up" if column == "train" else "down"), ("down" if column == "train" else "up")
    assert names(many, sort=column, order=best_first[0])[:3] == numbered(60, 59, 58)
    assert names(many, sort=column, order=best_first[1])[:3] == numbered(1, 2, 3)


def test_what_has_no_figure_comes_last_in_either_direction(many: TestClient) -> None:
    """None of these runs was validated."""
    assert sorted(names(many, sort="validation", order="up")) == sorted(names(many, sort="validation", order="down"))


def test_runs_are_sorted_by_words_too(many: TestClient) -> None:
    assert names(many, sort="name", order="up")[:3] == ["run-1", "run-10", "run-11"]
    found = names(many, sort="state", order="up")
    assert all(int(name.removeprefix("run-")) % 2 == 0 for name in found)  # failed comes before finished


def test_runs_are_found_by_words_state_problem_and_tag(tmp_path: Path) -> None:
    archive = many_runs(tmp_path / "evoheur.db", 6)
    with Archive.open(f"sqlite:///{archive}") as opened:
        opened.tag_run("run-2", add=["paper"])
        opened.write_note("run-5", "Larger Population")
    client = viewer(f"sqlite:///{archive}")
    assert names(client, q="population larger") == ["run-5"]
    assert names(client, q="PAPER") == ["run-2"]
    assert names(client, tag="paper") == ["run-2"]
    assert names(client, state="finished") == numbered(5, 3, 1)
    assert names(client, problem="problem-0") == numbered(6, 3)
    assert names(client, problem="problem-0", state="failed") == ["run-6"]
    assert "None of the 6 runs is like that." in client.get("/", params={"q": "no such word"}).text


@pytest.mark.parametrize("query", [{"sort": "nothing"}, {"order": "sideways"}, {"state": "gone"}, {"page": "-1"}, {"page": "²"}])
def test_what_cannot_be_asked_for_is_answered_in_a_sentence(many: TestClient, query: dict[str, str]) -> None:
    answer = many.get("/", params=query)
    assert answer.status_code == 400
    assert next(iter(query.values())) in answer.text
    assert "Traceback" not in answer.text


def test_an_empty_archive_says_how_to_begin(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'evoheur.db'}", create=True):
        pass
    assert (
        "The archive holds no run yet; start one with <code>evoheur run quickstart</code>."
        in viewer(f"sqlite:///{tmp_path / 'evoheur.db'}").get("/").text
    )


def test_the_table_is_sent_again_only_if_it_changed(tmp_path: Path) -> None:
    archive = many_runs(tmp_path / "evoheur.db", 2)
    client = viewer(f"sqlite:///{archive}")
    stamp = re.findall(r'data-stamp="(\w+)"', client.get("/").text)[0]
    assert client.get("/data/runs", params={"stamp": stamp}).json() == {"stamp": stamp}
    with Archive.open(f"sqlite:///{archive}") as opened:
        opened.write_note("run-1", "new")
    changed = client.get("/data/runs", params={"stamp": stamp}).json()
    assert changed["stamp"] != stamp
    assert "new" in changed["html"]


def test_tags_are_given_and_taken_and_a_note_is_kept(tmp_path: Path) -> None:
    archive = many_runs(tmp_path / "evoheur.db", 3)
    client = viewer(f"sqlite:///{archive}")
    assert client.post("/tag", data={"run": ["run-1", "run-2"], "tags": "paper  draft", "do": "add"}).headers["location"] == "/"
    client.post("/tag", data={"run": "run-1", "tags": "draft", "do": "remove"})
    client.post("/note", data={"run": "run-3", "note": "one\r\ntwo"})
    with open_archive(archive) as opened:
        assert {run.name: (run.tags, run.note) for run in opened.runs()} == {
            "run-1": (("paper",), ""),
            "run-2": (("draft", "paper"), ""),
            "run-3": ((), "one\ntwo"),
        }


@pytest.mark.parametrize("form", [{}, {"run": "run-1"}, {"sure": "yes"}, {"run": "run-1", "sure": "no"}])
def test_nothing_is_deleted_without_an_answer_to_the_question(tmp_path: Path, form: dict[str, str]) -> None:
    archive = many_runs(tmp_path / "evoheur.db", 1)
    assert viewer(f"sqlite:///{archive}").post("/delete", data=form).status_code == 400
    with open_archive(archive) as opened:
        assert len(opened.runs()) == 1


def test_a_form_that_is_no_form_is_refused(many: TestClient) -> None:
    assert many.post("/tag", content=b"\xff\xfe").status_code == 400
    refused = many.post("/tag", data={"run": "run-1", "tags": "good a,b", "do": "add"})
    assert (refused.status_code, "cannot be a tag" in refused.text) == (400, True)
    assert many.post("/tag", content=b"a" * 100_000).status_code == 400


@pytest.mark.slow
def test_the_table_says_what_the_command_says(onlooker: Onlooker, watched: Path) -> None:
    [document] = evoheur("runs", "--json", "--archive", f"sqlite:///{watched}").document
    row = onlooker.page.locator('tr[data-run="tiny"]')

    def cell(name: str) -> str:
        return row.locator(f'[data-cell="{name}"]').inner_text()

    assert cell("state") == document["status"] == "finished"
    assert cell("evaluations") == count(document["evaluations"])
    assert cell("calls") == count(document["calls"])
    assert cell("tokens") == count(document["tokens"])
    assert cell("cost") == money(document["cost_usd"])
    assert cell("train").splitlines()[0] == f"{document['best_gap']:.2f} %"
    assert row.locator("polyline").get_attribute("points")


@pytest.mark.slow
def test_a_run_is_followed_stopped_and_deleted_in_the_browser(browser: Browser, tmp_path: Path, scheduling: str) -> None:
    """Deleting asks first; what is marked stays marked while the table follows the run."""
    archive = many_runs(tmp_path / "evoheur.db", 1)
    slow = {"kind": "tests.evoheur.cli.support.scripted:ScriptedConfig", "seconds": 0.1}
    with (
        running_view(f"sqlite:///{archive}") as view,
        looking(browser, view.entrance) as onlooker,
        live_run(archive, scheduling, "going", budget={"evaluations": 5000}, generator=slow) as process,
    ):
        page = onlooker.page
        row = page.locator('tr[data-run="going"]')
        expect(row.locator('[data-cell="state"]')).to_have_text("running", timeout=60_000)
        page.get_by_label("mark going").check()
        expect(row.locator('[data-cell="evaluations"]')).not_to_have_text("0", timeout=60_000)
        before = row.locator('[data-cell="evaluations"]').inner_text()
        expect(row.locator('[data-cell="evaluations"]')).not_to_have_text(before, timeout=60_000)
        assert page.get_by_label("mark going").is_checked()
        page.get_by_role("button", name="Stop the marked").click()
        process.wait(timeout=240)
        expect(row.locator('[data-cell="state"]')).to_have_text("interrupted", timeout=60_000)
        page.get_by_label("mark run-1").check()
        page.get_by_role("button", name="Delete the marked …").click()
        page.get_by_role("link", name="keep them").click()
        assert page.locator("tr[data-run]").count() == 2
        page.get_by_label("mark run-1").check()
        page.get_by_role("button", name="Delete the marked …").click()
        expect(page.locator("h1")).to_have_text("Delete 1 run?")
        page.get_by_role("button", name="Delete for good").click()
        expect(page.locator("tr[data-run]")).to_have_count(1)
    with open_archive(archive) as opened:
        assert [run.name for run in opened.runs()] == ["going"]
