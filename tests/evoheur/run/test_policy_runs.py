"""Runs whose search policy evolves: from the reply to the sandbox, the log, the events and the budget."""

import contextlib
import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from evoheur import Result, discover, open_archive, resume
from evoheur.archive.records import Asked, RunEvent, Told
from evoheur.request import Note, RequestKind
from evoheur.search_policy import PolicyChoice, stored_answer, stored_fault
from tests.evoheur.cli.conftest import tiny_settings
from tests.evoheur.run.support.policy_writer import KIND
from tests.support.run_rows import rows

EVOX = {"kind": "evox", "initial": 2, "patience": 3, "ahead": 2}
BEST = "return {'parent': programs[0]['id'], 'label': 'refine'}"
RAISES = "return {'parent': programs[0]['id']} if progress['window'] < 2 else {}['gone']"
REFUSED = "return programs"
POLICIES = (BEST, RAISES, REFUSED)
PROGRAM = "import json, sys, pathlib as p, evoheur; evoheur.discover(json.loads(sys.argv[1]), archive=p.Path(sys.argv[2]), name='policies')"
LOOPS = "while progress['window'] > 1: pass\n    return {'parent': programs[-1]['id'], 'context': []}"


def settings(scheduling: str, *policies: str, **changes: Any) -> dict[str, Any]:
    wanted = {
        "strategy": EVOX,
        "generator": {"kind": KIND, "policies": list(policies)},
        "budget": {"requests": 40},
        "tell_order": "asked",
        **changes,
    }
    return tiny_settings(scheduling, **wanted)


def told(result: Result) -> list[Told]:
    with open_archive(result.archive) as archive:
        return [entry for entry in archive.log(archive.run(result.run).id) if isinstance(entry, Told)]


def asked(result: Result) -> list[Asked]:
    return [entry.asked for entry in told(result)]


def faults(result: Result) -> list[RunEvent]:
    with open_archive(result.archive) as archive:
        return [event for event in archive.run_events(archive.run(result.run).id) if event.kind == "policy_fault"]


@pytest.fixture(scope="module")
def result(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Policies that work, fail their trial, and fail in charge."""
    return discover(
        settings(scheduling, *POLICIES, in_flight=2),
        archive=tmp_path_factory.mktemp("evox") / "a.db",
        name="policies",
    )


def test_only_calls_are_in_the_budget(result: Result) -> None:
    """40 requests, each of which is a call to the model: heuristics, one guide, and policies. Choices come on top and cost nothing."""
    kinds = [entry.kind for entry in asked(result)]
    totals = result.stopped.totals
    assert totals.requests == totals.calls == kinds.count(RequestKind.MODEL) == 40
    assert kinds.count(RequestKind.CONSULTATION) > 10
    assert {entry.operator for entry in asked(result) if entry.kind is RequestKind.MODEL} >= {
        "guide",
        "write_policy",
        "refine",
        "i1",
    }
    assert totals.tokens == 40 * 120
    assert totals.tunings == totals.rescorings == 0


def test_choices_are_in_the_log_and_faults_among_the_events(result: Result) -> None:
    """Each fault once, with the request that it answers."""
    choices = [one for one in told(result) if one.asked.kind is RequestKind.CONSULTATION]
    texts = {one.asked.number: one.outcome.text for one in choices if isinstance(one.outcome, Note)}
    assert len(texts) == len(choices)
    failed = [number for number, text in texts.items() if stored_fault(text) is not None]
    assert [event.details["request"] for event in faults(result)] == failed
    words = {(event.details["trial"], event.details["reason"]) for event in faults(result)}
    assert words == {(True, "malformed"), (False, "raised")}
    assert any("gives way to the one before it (raised)" in event.text and "gone" in event.text for event in faults(result))


def test_after_a_fault_the_next_request_is_a_heuristic(scheduling: str, tmp_path: Path) -> None:
    """One step, with one in flight; and no program is lost to it: the run goes on to the end of its budget."""
    settled = settings(scheduling, RAISES, strategy={**EVOX, "ahead": 1})
    log = told(discover(settled, archive=tmp_path / "a.db"))
    for one, following in itertools.pairwise(log):
        fault = (
            stored_fault(one.outcome.text)
            if one.asked.kind is RequestKind.CONSULTATION and isinstance(one.outcome, Note)
            else None
        )
        if fault is not None:
            assert following.asked.operator == "free"
    assert sum(one.asked.kind is RequestKind.MODEL for one in log) == 40


@pytest.mark.parametrize("choices", [9, *(pytest.param(number, marks=pytest.mark.nightly) for number in (1, 5, 14))])
def test_a_run_that_is_killed_in_the_middle_of_a_window_goes_on_as_the_same_run(
    result: Result, scheduling: str, tmp_path: Path, choices: int
) -> None:
    """By SIGKILL after so many choices; row by row, choices among them."""
    database = tmp_path / "a.db"
    words = [sys.executable, "-c", PROGRAM, json.dumps(settings(scheduling, *POLICIES, in_flight=2)), str(database)]
    process = subprocess.Popen(words, start_new_session=True)
    while process.poll() is None and chosen(database) < choices:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    resumed = resume("policies", archive=database)
    assert resumed.status == "finished"
    assert rows(database, "policies") == rows(Path(result.archive.removeprefix("sqlite:")), "policies")


def chosen(database: Path) -> int:
    """Choices that were told, or 0 as long as there is no table."""
    query = "SELECT count(*) FROM request WHERE operator = 'consult_policy' AND told_seq IS NOT NULL"
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_recorded_choices_are_not_made_again(scheduling: str, tmp_path: Path) -> None:
    """A choice that was stored and not told is told as it was stored, whatever the policy would choose now."""
    result = discover(settings(scheduling, BEST, budget={"requests": 20}), archive=tmp_path / "a.db", name="policies")
    choices = [one for one in told(result) if one.asked.kind is RequestKind.CONSULTATION]
    for one in choices:
        assert one.asked.completion is not None
        assert one.asked.completion.attempts == 0
        assert isinstance(one.outcome, Note)
        assert one.asked.completion.text == one.outcome.text
        known = range(100)
        assert isinstance(stored_answer(one.outcome.text, known, contexts=4), PolicyChoice)


@pytest.mark.nightly
def test_a_policy_that_loops_gives_way(scheduling: str, tmp_path: Path) -> None:
    """After two seconds of processor time."""
    result = discover(settings(scheduling, LOOPS, budget={"requests": 14}), archive=tmp_path / "a.db")
    assert {event.details["reason"] for event in faults(result)} == {"timeout"}
    assert result.stopped.totals.requests == 14


def test_in_a_portfolio_choices_are_no_plays(scheduling: str, tmp_path: Path) -> None:
    """The bandit hears of requests only."""
    members = [EVOX, {**EVOX, "guide": False}]
    portfolio = settings(scheduling, BEST, strategy={"kind": "portfolio", "members": members}, budget={"requests": 30})
    result = discover(portfolio, archive=tmp_path / "a.db")
    operators = [entry.operator for entry in asked(result)]
    assert "evox/consult_policy" in operators
    kinds = {entry.kind for entry in asked(result) if entry.operator == "evox/consult_policy"}
    assert kinds == {RequestKind.CONSULTATION}
    assert result.stopped.totals.requests == 30


def test_tuning_beside_it_takes_no_choice_for_its_own(scheduling: str, tmp_path: Path) -> None:
    """Both are beside the search; only one of them is the tuner's."""
    tuned = settings(scheduling, BEST, tune={"evaluations": 12, "each": 4, "settled": 2}, budget={"requests": 25})
    result = discover(tuned, archive=tmp_path / "a.db")
    kinds = [entry.kind for entry in asked(result)]
    assert kinds.count(RequestKind.MODEL) == 25
    assert RequestKind.CONSULTATION in kinds
    assert result.stopped.totals.tunings == kinds.count(RequestKind.TUNING_BESIDE)
