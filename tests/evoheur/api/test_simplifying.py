"""Simplifying from Python, in the sandbox."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from evoheur import ConfigError, open_archive, simplify
from evoheur.api.contender import find_contender
from evoheur.api.simplifying import simplify_config, simplify_contender
from evoheur.archive.archive import Archive
from evoheur.errors import ArchiveError
from tests.evoheur.cli.conftest import History

WORDY = """import numpy as np

def choose(length, loads):
    dead = np.sqrt(loads) * 2
    lonely = loads / 2.0
    if length > 3:
        score = -(loads + length)
    else:
        score = -(loads + length)
    return score + (lonely - lonely)
"""
GRAHAM = "def choose(length, loads):\n    return -loads\n"


def silently(_step: str) -> None:
    pass


def test_source_and_file_simplify_alike(scheduling: str) -> None:
    """Dead code, a branch twice and what cancels out go with every cost unchanged; what one machine's choice needs stays."""
    Path("rule.py").write_text(WORDY)
    for given in (WORDY, Path("rule.py")):
        found = simplify(given, scheduling, tolerance=0.0)
        assert found.code == GRAHAM
        for split in ("train", "validation"):
            assert found.after[split].behaviour == found.before[split].behaviour is not None
            assert found.after[split].level.startswith("jail-")


def test_faults_of_the_caller_are_exceptions(scheduling: str) -> None:
    with pytest.raises(ConfigError, match=r"no split 'tset' .*'test'"):
        simplify(WORDY, scheduling, splits=[cast("Any", "tset")])
    with pytest.raises(ConfigError, match=r"The source is no heuristic for"):
        simplify("def chose(length, loads):\n    return loads", scheduling)
    with pytest.raises(ConfigError, match=r"ends with 'error' on train .*ZeroDivisionError"):
        simplify("def choose(length, loads):\n    return 1 / 0", scheduling)
    rule = find_contender("textbook:best_fit", problem="bin_packing_online", settings={}, archive="sqlite:///none.db")
    with pytest.raises(ConfigError, match="textbook:best_fit is a rule of the problem"):
        simplify_contender(rule, (), simplify_config(0.1, 9), archive="sqlite:///none.db", saying=silently)


def test_what_remains_of_a_candidate_is_stored_once(history: History) -> None:
    """Even where only other instances were looked at, it has its score on train."""
    contender = find_contender("tiny/4", problem=None, settings={}, archive=history.url)
    config = simplify_config(0.0, 200)
    first = simplify_contender(contender, ["validation"], config, archive=history.url, saying=silently)
    again = simplify_contender(contender, ["validation"], config, archive=history.url, saying=silently)
    assert first.stored == again.stored == "tiny/10"
    with open_archive(history.url) as archive:
        remaining = archive.candidate("tiny", 10)
        whole = archive.candidate("tiny", 4)
    assert remaining.is_simplified
    assert remaining.candidate.code == first.found.code != whole.candidate.code
    assert remaining.candidate.evaluation.behaviour == whole.candidate.evaluation.behaviour
    with pytest.raises(ConfigError, match="tiny/10 is what remains of tiny/4 already"):
        simplify_contender(
            find_contender("tiny/10", problem=None, settings={}, archive=history.url),
            (),
            config,
            archive=history.url,
            saying=silently,
        )


def test_a_run_that_another_process_works_on_is_left_alone(history: History) -> None:
    contender = find_contender("tiny/4", problem=None, settings={}, archive=history.url)
    with (
        Archive.open(history.url) as archive,
        archive.hold("tiny"),
        pytest.raises(ArchiveError, match="tiny"),
    ):
        simplify_contender(contender, (), simplify_config(0.0, 9), archive=history.url, saying=silently)


def test_nothing_is_stored_where_the_problem_has_changed(history: History) -> None:
    """Scores of what remains would not compare with those of the run."""
    with closing(sqlite3.connect(history.path)) as database, database:
        database.execute("UPDATE run SET problem_hash = 'another'")
    contender = find_contender("tiny/4", problem=None, settings={}, archive=history.url)
    found = simplify_contender(contender, ["train"], simplify_config(0.0, 30), archive=history.url, saying=silently)
    assert found.found.changed
    assert found.stored is None
