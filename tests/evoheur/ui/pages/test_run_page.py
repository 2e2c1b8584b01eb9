"""The page of a run: what it shows of one that is over, and how it follows one that is not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evoheur.api.archives import open_archive
from evoheur.archive.archive import Archive
from evoheur.archive.records import NewEvent
from evoheur.charts.search_structure import search_structure
from evoheur.observers.number_text import count, money
from tests.evoheur.cli.support.invoking import evoheur
from tests.evoheur.ui.support.browser import Onlooker, looking
from tests.evoheur.ui.support.client import viewer
from tests.evoheur.ui.support.made_up_archive import many_runs
from tests.evoheur.ui.support.running_view import RunningView, running_view
from tests.evoheur.ui.support.watched_archive import ROOT, live_run

SLOW = {"kind": "tests.evoheur.cli.support.scripted:ScriptedConfig", "seconds": 0.1}
TOKEN = "a-token-that-stays-the-same"


def figure(page: Page, name: str) -> Locator:
    return page.locator(f'#head [data-figure="{name}"]')


def charted(page: Page) -> dict[str, Any]:
    """What Plotly was given to draw: name of a trace → its points."""
    page.wait_for_function("document.getElementById('chart').data !== undefined")
    found = page.evaluate("document.getElementById('chart').data.map((each) => [each.name, each.x, each.y])")
    return {name: list(zip(x, y, strict=True)) for name, x, y in found}


@pytest.fixture
def on_tiny(onlooker: Onlooker, view: RunningView) -> Page:
    onlooker.page.goto(f"{view.base}/run/tiny")
    expect(figure(onlooker.page, "state")).to_have_text("finished")
    return onlooker.page


@pytest.mark.slow
def test_figures_are_those_of_the_command(on_tiny: Page, watched: Path) -> None:
    [document] = evoheur("runs", "--json", "--archive", f"sqlite:///{watched}").document
    assert figure(on_tiny, "evaluations").inner_text() == count(document["evaluations"])
    assert figure(on_tiny, "requests").inner_text() == count(document["requests"])
    assert figure(on_tiny, "calls").inner_text() == count(document["calls"])
    assert figure(on_tiny, "tokens").inner_text() == count(document["tokens"])
    assert figure(on_tiny, "cost").inner_text() == money(document["cost_usd"])
    assert figure(on_tiny, "best").inner_text() == f"{document['best_objective']:.2f} %"


@pytest.mark.slow
def test_the_chart_has_every_candidate_the_best_so_far_and_the_failures(on_tiny: Page, watched: Path) -> None:
    """9 candidates were evaluated, of which some failed; 2 replies were prose."""
    with open_archive(watched) as archive:
        records = archive.candidates("tiny")
        best = archive.best("tiny", 1)[0].candidate.objective
    drawn = charted(on_tiny)
    operators = {record.candidate.operator for record in records[1:]}
    points = [y for name in operators for _, y in drawn[name]]
    assert sorted(points) == sorted(
        record.candidate.objective for record in records[1:] if record.candidate.objective is not None
    )
    failed = [y for name, each in drawn.items() if name.endswith(", failed") for _, y in each]
    statuses = [record.candidate.evaluation.status.value for record in records[1:] if record.candidate.objective is None]
    assert sorted(failed) == sorted([*statuses, "no-code", "no-code"])
    assert min(y for _, y in drawn["best so far"]) == best
    assert drawn["best so far"][-1][1] == best
    assert drawn["problem's own"][0][1] == records[0].candidate.objective


@pytest.mark.slow
def test_the_chart_goes_over_calls_money_and_time_too(on_tiny: Page) -> None:
    charted(on_tiny)
    offered = on_tiny.locator('select[name="axis"] option').evaluate_all("options => options.map((each) => each.value)")
    assert offered == ["calls", "evaluations", "cost_usd", "seconds"]
    ends = {}
    for axis in offered:
        on_tiny.locator('select[name="axis"]').select_option(axis)
        ends[axis] = charted(on_tiny)["best so far"][-1][0]
    assert (ends["calls"], ends["evaluations"]) == (11, 9)
    assert ends["cost_usd"] == pytest.approx(0.011)
    assert ends["seconds"] > 0


@pytest.mark.slow
def test_tables_are_those_of_the_commands(on_tiny: Page, watched: Path) -> None:
    url = f"sqlite:///{watched}"
    failures = {each["reason"]: each for each in evoheur("failures", "tiny", "--json", "--archive", url).document}
    for reason, known in failures.items():
        row = on_tiny.locator(f'[data-failure="{reason}"]')
        assert row.locator("td").nth(2).inner_text() == count(known["count"])
        assert known["examples"][0]["detail"][:30] in row.inner_text()
    spending = evoheur("spend", "tiny", "--json", "--archive", url).document
    for known in (*spending["operators"], *spending["models"]):
        cells = on_tiny.locator(f'[data-share="{known["name"]}"] td').all_inner_texts()
        assert cells[1:5] == [
            count(known["requests"]), count(known["calls"]), count(known["prompt_tokens"] + known["completion_tokens"]),
            money(known["cost_usd"]),
        ]  # fmt: skip
        assert cells[6] == count(known["solved"])
        assert cells[9:] == [count(known["bests"]), f"{known['gain']:.4g}"]
    best = evoheur("best", "tiny", "--json", "--archive", url).document
    listed = on_tiny.locator("#best [data-candidate]").evaluate_all("rows => rows.map((each) => each.dataset.candidate)")
    assert listed == [each["id"] for each in best][: len(listed)]
    assert len(listed) == 5


@pytest.mark.slow
def test_the_log_has_every_event_the_newest_first(on_tiny: Page, watched: Path) -> None:
    with open_archive(watched) as archive:
        told = [entry.sequence for entry in archive.log(archive.run("tiny").id) if hasattr(entry, "outcome")]
    shown = on_tiny.locator("#log tr:not(.event)[data-sequence]").evaluate_all(
        "rows => rows.map((each) => Number(each.dataset.sequence))"
    )
    assert shown == told[::-1]
    rows = on_tiny.locator("#log tbody tr")
    expect(rows.first).to_contain_text("finished: budget of 9 evaluations used")
    expect(rows.last).to_contain_text("the run begins")


@pytest.mark.slow
def test_the_population_is_what_the_method_breeds_from(on_tiny: Page, watched: Path) -> None:
    with open_archive(watched) as archive:
        members = search_structure(archive, "tiny").members
    expect(on_tiny.locator("#members tbody a")).to_have_text([f"tiny/{number}" for number in members], timeout=60_000)
    expect(on_tiny.locator("#population")).to_contain_text(f"{len(members)} candidates that it breeds from")


def test_what_happens_beside_the_log_comes_once_and_waits_are_told(tmp_path: Path) -> None:
    path = many_runs(tmp_path / "evoheur.db", 1)
    outage = NewEvent(
        kind="outage", text="m is down (HTTP 503)", details={"endpoint": "m", "reason": "HTTP 503", "since": 0.0, "next_at": 9e9}
    )
    with Archive.open(f"sqlite:///{path}") as archive:
        run = archive.run("run-1")
        archive.begin_session(run.id)
        page = viewer(f"sqlite:///{path}")
        first = page.get("/data/run/run-1").json()
        assert first["state"] == "running"
        assert first["eventRows"].count('class="event"') == 3
        archive.record_event(run.id, outage)
        known = {"told": first["told"], "events": first["events"], "state": first["state"]}
        later = page.get("/data/run/run-1", params=known).json()
        assert later["state"] == "waiting"
        assert later["eventRows"].index("m is down (HTTP 503)") < later["eventRows"].index("the run begins")
        assert "paused: m is down since" in later["parts"]["head"]
        again = page.get("/data/run/run-1", params={**known, "events": later["events"]}).json()
        assert "eventRows" not in again


@pytest.mark.slow
def test_a_note_and_tags_are_kept(browser: Browser, tmp_path: Path) -> None:
    archive = many_runs(tmp_path / "evoheur.db", 1)
    with running_view(f"sqlite:///{archive}") as view, looking(browser, view.entrance) as onlooker:
        page = onlooker.page
        page.goto(f"{view.base}/run/run-1")
        page.get_by_label("tags").fill("paper second")
        page.get_by_role("button", name="Add").click()
        expect(page.locator("main .tag")).to_have_text(["paper", "second"])
        page.get_by_label("note").fill("with the larger population")
        page.get_by_role("button", name="Keep the note").click()
        expect(page.get_by_label("note")).to_have_value("with the larger population")
    with open_archive(archive) as opened:
        assert (opened.run("run-1").tags, opened.run("run-1").note) == (("paper", "second"), "with the larger population")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_live_run_is_followed_through_restarts_of_the_run_and_of_the_view(
    browser: Browser, tmp_path: Path, scheduling: str
) -> None:
    """Without loading the page again: it shows the run going on, stopped, resumed, and, after the view came back, at its end."""
    archive = tmp_path / "evoheur.db"
    url = f"sqlite:///{archive}"
    kept = {"EVOHEUR_UI_TOKEN": TOKEN}
    with running_view(url, environment=kept) as first, looking(browser, first.entrance) as onlooker:
        page = onlooker.page
        onlooker.expected += ["503"]  # until the run has made the archive
        with live_run(archive, scheduling, "going", budget={"evaluations": 4000}, generator=SLOW) as process:
            _wait_for_run(page, "going", first.base)
            page.goto(f"{first.base}/run/going")
            expect(figure(page, "state")).to_have_text("running", timeout=60_000)
            seen = _grown(page, 0)
            page.get_by_role("button", name="Stop the run").click()
            process.wait(timeout=240)
        expect(figure(page, "state")).to_have_text("interrupted", timeout=60_000)
        stopped = int(figure(page, "evaluations").inner_text())
        assert stopped >= seen
        onlooker.expected += ["ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET"]
        end = stopped + 30
        with _resumed(archive, "going", end):
            assert _grown(page, stopped) > stopped
            first.process.send_signal(2)
            first.process.wait(timeout=240)
            expect(page.locator("#trouble")).to_contain_text("was stopped", timeout=60_000)
            with running_view(url, "--port", str(first.port), environment=kept):
                expect(figure(page, "state")).to_have_text("finished", timeout=120_000)
                expect(page.locator("#trouble")).to_be_hidden()
                [document] = evoheur("runs", "--json", "--archive", url).document
                assert figure(page, "evaluations").inner_text() == count(document["evaluations"]) == str(end)
                told = len(page.locator("#log tr:not(.event)[data-sequence]").all())
                assert told == min(500, document["requests"] + document["rescorings"])
                assert (
                    sum(len(points) for name, points in charted(page).items() if _is_of_candidates(name)) == document["requests"]
                )


def _is_of_candidates(name: str) -> bool:
    return name not in {"best so far", "problem's own", "audit (fresh instances)"} and not name.startswith(
        ("longest", "best textbook")
    )


def _wait_for_run(page: Page, name: str, base: str) -> None:
    page.goto(base)
    expect(page.locator(f'tr[data-run="{name}"]')).to_have_count(1, timeout=60_000)


def _grown(page: Page, least: int) -> int:
    """The evaluations that the page shows, once they are more."""
    words = "least => Number(document.querySelector('#head [data-figure=evaluations]')?.innerText) > least"
    page.wait_for_function(words, arg=least, timeout=60_000)
    return int(figure(page, "evaluations").inner_text())


class _resumed:  # noqa: N801 - reads as a word
    """The run going on in a process of its own."""

    def __init__(self, archive: Path, name: str, evaluations: int) -> None:
        words = ["resume", name, "--set", f"budget.evaluations={evaluations}", "--archive", f"sqlite:///{archive}", "--quiet"]
        self._words = [sys.executable, "-m", "evoheur", *words]

    def __enter__(self) -> None:
        self._process = subprocess.Popen(
            self._words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()


def test_only_what_is_new_is_sent(watched: Path) -> None:
    client = viewer(f"sqlite:///{watched}")
    first = client.get("/data/run/tiny").json()
    assert first["points"]["first"] == 0
    known = {"told": first["told"], "points": 11, "state": "finished", "events": first["events"]}
    again = client.get("/data/run/tiny", params=known).json()
    assert set(again) == {"told", "state", "parts"}
    assert set(again["parts"]) == {"head"}
    earlier = client.get("/data/run/tiny", params={"told": first["told"] - 4, "points": 9, "state": "finished"}).json()
    assert earlier["points"]["first"] == 9
    assert len(earlier["points"]["list"]) == len(first["points"]["list"]) - 9
    assert earlier["log"].count("<tr") == 2
    assert json.dumps(earlier) != json.dumps(first)


@pytest.mark.parametrize("query", [{"told": "x"}, {"told": "-1"}, {"points": "1e3"}, {"points": "²"}])
def test_what_is_no_number_is_answered_in_a_sentence(watched: Path, query: dict[str, str]) -> None:
    answer = viewer(f"sqlite:///{watched}").get("/data/run/tiny", params=query)
    assert answer.status_code == 400
    assert "must be a whole number from 0" in answer.json()["error"]


def test_a_run_that_is_not_there_is_named_in_a_sentence(watched: Path) -> None:
    client = viewer(f"sqlite:///{watched}")
    for place in ("/run/tinny", "/data/run/tinny"):
        answer = client.get(place)
        assert answer.status_code == 404
        assert "There is no run" in answer.text
        assert "did you mean" in answer.text
