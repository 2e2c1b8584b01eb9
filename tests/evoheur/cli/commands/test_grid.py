"""`evoheur grid` on a real archive."""

from collections.abc import Callable

import pytest

from evoheur.archive.archive import Archive
from evoheur.strategies.measure_grid import CPU_SECONDS
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal
from tests.evoheur.cli.support.scripted import KIND

LINES = "lines=0,3,5,9"
"""Splits the replies of `scripted.REPLIES`: "worse" has two lines of code, "good", "three", "four" and "five" have three."""


def objectives(history: History) -> dict[str, tuple[float, float]]:
    """Candidate → lines of its code and objective, for those that work, the baseline left out."""
    with Archive.open(history.url, read_only=True) as archive:
        bred = [record.candidate for record in archive.candidates("tiny") if record.candidate.id]
    return {
        f"tiny/{candidate.id}": (candidate.evaluation.measures["lines"], candidate.objective)
        for candidate in bred
        if candidate.objective is not None
    }


def test_json_keeps_its_contract(finished: History) -> None:
    """The best of every occupied cell, worked out by scanning all candidates."""
    found = evoheur("grid", "tiny", "--measure", LINES, "--json", "--archive", finished.url).document
    short, long = (
        [(value, name) for name, (lines, value) in objectives(finished).items() if (lines < 3) is flag] for flag in (True, False)
    )
    assert short
    assert len(long) > 1
    assert found["run"] == "tiny"
    assert found["measures"] == {"lines": [0, 3, 5, 9]}
    assert (found["size"], found["coverage"]) == (3, pytest.approx(2 / 3))
    assert [cell["span"] for cell in found["cells"]] == [{"lines": [0, 3]}, {"lines": [3, 5]}]
    assert [(cell["best_objective"], cell["best"]) for cell in found["cells"]] == [min(short), min(long)]
    assert all(cell["best_gap"] == pytest.approx(cell["best_objective"]) for cell in found["cells"])


def test_two_measures_are_printed_as_a_plane(finished: History) -> None:
    """Rows and columns with what they hold, empty cells empty, and the coverage."""
    done = evoheur("grid", "tiny", "--measure", LINES, "--measure", "loops=0:2:2", "--archive", finished.url)
    assert done.code == 0
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.out.splitlines() if line.startswith("|")]
    best = {flag: min(value for lines, value in objectives(finished).values() if (lines < 3) is flag) for flag in (True, False)}
    assert rows == [
        ["lines", "<1", ">=1"],
        ["<3", f"{best[True]:.2f} %", ""],
        ["3-5", f"{best[False]:.2f} %", ""],
        [">=5", "", ""],
    ]
    assert "by lines (down) and loops (across)" in done.out
    working = len(objectives(finished))
    assert f"2 of 6 cells occupied (33.3%) by {working} candidates that work; the best is tiny/1 with" in done.out


def test_other_numbers_of_measures_are_printed_as_a_list(finished: History) -> None:
    """One row per occupied cell, with the candidate."""
    words = ["--measure", LINES, "--measure", "calls", "--measure", "branches=0,9"]
    done = evoheur("grid", "tiny", *words, "--archive", finished.url)
    assert "|      all |" in done.out
    assert "| tiny/1 " in done.out
    one = evoheur("grid", "tiny", "--measure", LINES, "--archive", finished.url)
    assert one.out.count("tiny/") == 3, "two cells, and the best again below"


def test_a_plane_that_is_too_wide_is_printed_as_a_list(finished: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    done = evoheur("grid", "tiny", "--archive", finished.url)
    assert "candidate" in done.out
    assert max(len(line) for line in done.out.splitlines() if line.startswith(("|", "+"))) <= 60


def test_default_is_size_by_calls_and_the_latest_run(finished: History) -> None:
    found = evoheur("grid", "--json", "--archive", finished.url).document
    assert (found["run"], list(found["measures"]), found["size"]) == ("tiny", ["calls", "nodes"], 70)


def test_run_time_may_be_asked_for(finished: History) -> None:
    found = evoheur("grid", "--measure", CPU_SECONDS, "--json", "--archive", finished.url).document
    assert found["size"] == 12


def test_a_run_of_map_elites_shows_its_own_grid(
    write_config: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The grid that the search itself used."""
    url = f"sqlite:///{tmp_path_factory.mktemp('own')}/e.db"
    own = {"kind": "map_elites", "initial": 2, "grid": {"lines": [0, 3, 5], "constants": {"low": 0, "high": 4, "cells": 2}}}
    assert evoheur("run", write_config(strategy=own, budget={"evaluations": 4}), "--archive", url).code == 0
    found = evoheur("grid", "--json", "--archive", url).document
    assert found["measures"] == {"constants": [0, 2, 4], "lines": [0, 3, 5]}


def test_a_run_without_a_heuristic_says_so(write_config: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """An empty grid in JSON; a sentence for people."""
    url = f"sqlite:///{tmp_path_factory.mktemp('none')}/e.db"
    file = write_config(generator={"kind": KIND, "script": ["raises"]}, budget={"evaluations": 2})
    evoheur("run", file, "--archive", url)
    assert f"`evoheur failures small-1 --archive {url}` says why" in evoheur("grid", "--archive", url).out
    assert evoheur("grid", "--json", "--archive", url).document["cells"] == []


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("nods", "no usual cells for measure 'nods' (did you mean 'nodes'?)"),
        ("nods=1,2", "No candidate has a measure 'nods' (did you mean 'nodes'?); known: branches, calls"),
        ("nodes=1", "--measure nodes=1: "),
        ("nodes=2,1", "do not ascend"),
        ("nodes=one,two", "valid number"),
        ("nodes=0:4:2:log2", "no logarithm"),
        ("nodes=0:4", "nodes=32:1024:10:log2"),
        ("nodes=0:4:2:log2:5", "5 parts"),
    ],
)
def test_a_wrong_measure_is_refused_with_what_may_stand_there(finished: History, measure: str, words: str) -> None:
    assert words in refusal("grid", "tiny", "--measure", measure, "--archive", finished.url)
