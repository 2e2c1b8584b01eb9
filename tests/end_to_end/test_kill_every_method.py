"""`kill -9` under every method but EoH, whose kills are in `test_kill_and_resume`.

`test_crash_points` proves the same of every method by deaths in its own process; this repeats it with real ones, which take minutes.
"""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.support.method_settings import METHOD_SETTINGS, method_configuration
from tests.end_to_end.support.runs import configuration, evoheur, query, query_early, rows, start

KILLS, EVALUATIONS = 3, 60
METHODS = sorted(METHOD_SETTINGS.keys() - {"eoh"})


def configure(folder: Path, problem: str, method: str) -> Path:
    folder.mkdir()
    return configuration(folder, **method_configuration(method, problem, evaluations=EVALUATIONS))


def told(database: Path) -> int:
    return len(query_early(database, "SELECT 1 FROM request WHERE told_seq IS NOT NULL"))


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_a_killed_run_ends_as_if_it_had_never_been_killed(tmp_path: Path, scheduling: str, method: str) -> None:
    """All tables are equal row by row: requests and their order, notes, candidates, evaluations."""
    whole = configure(tmp_path / "whole", scheduling, method)
    done = evoheur("run", str(whole), cwd=whole.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    config = configure(tmp_path / "killed", scheduling, method)
    database = config.parent / "runs" / "evoheur.db"
    rng = random.Random(method)
    words: tuple[str, ...] = ("run", str(config))
    for number in range(1, KILLS + 1):
        process = start(*words, cwd=config.parent)
        target = number * EVALUATIONS // (KILLS + 1) + rng.randint(0, 5)
        while process.poll() is None and told(database) < target:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.03))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        words = ("resume", "r")
    assert query(database, "SELECT status FROM run") == [("unfinished",)], "the run ended before all kills"
    done = evoheur("resume", "r", cwd=config.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert query(database, "SELECT count(*) FROM request WHERE told_seq IS NULL") == [(0,)]
    assert rows(database) == rows(whole.parent / "runs" / "evoheur.db")
