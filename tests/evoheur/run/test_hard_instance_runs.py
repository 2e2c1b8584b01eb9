"""Runs whose training instances are partly such as their best is bad at."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evoheur import ConfigError, Result, discover, open_archive, resume
from evoheur.problem_loading import load_problem
from evoheur.run.config import parse_config
from tests.evoheur.cli.conftest import _own_folder, tiny_settings

__all__ = ["_own_folder"]

PROGRAM = "import json, sys, pathlib, evoheur; evoheur.discover(json.loads(sys.argv[1]), archive=pathlib.Path(sys.argv[2]), name='hard')"
HARD = {"resample": {"every": 5}, "hard_instances": {"trials": 3}}
VARIED = """
    def variations(self) -> Mapping[str, tuple[float, float]]:
        return {"mean": (5.0, 200.0), "machines": (2.0, 12.0)}

    def varied(self, parameters: Mapping[str, float], *, family: str, seed: int, count: int) -> Sequence[Jobs]:
        rng = np.random.RandomState(seed)
        return [
            Jobs(
                name=f"{family}-{seed}-{i}",
                family=family,
                machines=int(parameters["machines"]),
                lengths=1 + rng.exponential(parameters["mean"], 60).astype(np.int64),
            )
            for i in range(count)
        ]
"""


@pytest.fixture(scope="module")
def varied(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The problem, with parameters to vary."""
    folder = tmp_path_factory.mktemp("varied") / "varied_scheduling"
    shutil.copytree(scheduling, folder, ignore=shutil.ignore_patterns("__pycache__"))
    source = (folder / "problem.py").read_text()
    (folder / "problem.py").write_text(source.replace("    def decode(", f"{VARIED}\n    def decode(", 1))
    return str(folder)


def settings(problem: str, **changes: Any) -> dict[str, Any]:
    wanted = {
        "generator": {"kind": "mutator", "max_nodes": 20},
        "train": HARD,
        "budget": {"evaluations": 18},
        "tell_order": "asked",
        **changes,
    }
    return tiny_settings(problem, **wanted)


@pytest.fixture(scope="module")
def result(varied: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return discover(settings(varied), archive=tmp_path_factory.mktemp("hard") / "some.db", name="hard")


def families(result: Result) -> Mapping[int, list[str]]:
    """Epoch → families that a candidate was scored on, in the order of its instances."""
    found: dict[int, list[str]] = {}
    with open_archive(result.archive) as archive:
        for record in archive.candidates(result.run):
            evaluation = record.evaluations["train"]
            if evaluation.results and evaluation.objective is not None:
                found.setdefault(evaluation.epoch, [each.family for each in evaluation.results])
    return found


def rows(result: Result) -> list[tuple[Any, ...]]:
    with open_archive(result.archive) as archive:
        records = archive.candidates(result.run)
    return [
        (each.candidate.code, each.candidate.objective, each.candidate.evaluation.epoch, each.candidate.evaluation.behaviour)
        for each in records
    ]


def test_hard_families_join_and_the_old_ones_stay(result: Result) -> None:
    mixed = {epoch: named for epoch, named in families(result).items() if "exponential" in named}
    assert set(mixed) - {0}
    for named in mixed.values():
        assert named.count("exponential") == 4  # as many as the problem's own
        assert (len(named) - 4) / len(named) <= 0.3
    assert any(name.startswith("varied-mean-") for named in mixed.values() for name in named), mixed


def test_validation_and_the_audit_are_never_touched(result: Result) -> None:
    with open_archive(result.archive) as archive:
        records = archive.candidates(result.run)
    others = [
        each.family
        for record in records
        for split, evaluation in record.evaluations.items()
        if split != "train"
        for each in evaluation.results
    ]
    assert set(others) == {"exponential"}


def test_the_best_and_the_problem_s_own_are_compared_on_the_same_instances(result: Result) -> None:
    assert result.best is not None
    best, own = result.best.evaluations["train"], result.stopped.baseline.evaluations["train"]
    assert [each.instance for each in best.results] == [each.instance for each in own.results]
    assert "exponential" in {each.family for each in best.results}


@pytest.mark.parametrize("first", [11, *(pytest.param(number, marks=pytest.mark.nightly) for number in (4, 5, 6, 15))])
def test_a_run_extended_equals_one_that_was_as_long_from_the_start(
    result: Result, varied: str, tmp_path: Path, first: int
) -> None:
    discover(settings(varied, budget={"evaluations": first}), archive=tmp_path / "some.db", name="hard")
    extended = resume("hard", {"budget.evaluations": 18}, archive=tmp_path / "some.db")
    assert rows(extended) == rows(result)


@pytest.mark.nightly
@pytest.mark.parametrize("told", [1, 2, 3], ids=["in a trial", "after a trial", "in the new epoch"])
def test_a_run_that_is_killed_and_resumed_equals_one_that_was_not(result: Result, varied: str, tmp_path: Path, told: int) -> None:
    """By SIGKILL, when so many known heuristics were scored again; the first two are those of the first trial."""
    database = tmp_path / "some.db"
    words = [sys.executable, "-c", PROGRAM, json.dumps(settings(varied)), str(database)]
    process = subprocess.Popen(words, start_new_session=True)
    count = "SELECT count(*) FROM request WHERE produces = 'rescoring' AND told_seq IS NOT NULL"
    while process.poll() is None and answered(database, count) < told:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert rows(resume("hard", archive=database)) == rows(result)


def answered(database: Path, query: str) -> int:
    """A count, or 0 as long as there is no table."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.parametrize(
    ("train", "message"),
    [
        ({"hard_instances": True}, "add resample: true"),
        ({"hard_instances": True, "resample": True, "relative_to": "textbook"}, "the worst family counts for half"),
        ({"hard_instances": {"share": 0.5}, "resample": True}, "share"),
        ({"hard_instances": {"instances": 7}, "resample": True}, "instances"),
    ],
)
def test_what_does_not_go_together_is_refused(scheduling: str, train: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_config(settings(scheduling, train=train), where="here")


def test_a_problem_without_parameters_is_refused_before_anything_is_spent(scheduling: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"declares no parameters .*\(bin_packing_online_levels and tsp_insertion do\)"):
        discover(settings(scheduling), archive=tmp_path / "some.db", name="never")
    assert not (tmp_path / "some.db").exists()


def test_true_stands_for_the_defaults(varied: str) -> None:
    config = parse_config(settings(varied, train={"resample": True, "hard_instances": True}), where="here")
    assert config.train.hard_instances is not None
    assert (config.train.hard_instances.trials, config.train.hard_instances.instances) == (8, 8)


@pytest.mark.parametrize("name", ["bin_packing_online_levels", "tsp_insertion"])
def test_bundled_problems_draw_what_they_declare(name: str) -> None:
    """At both ends of the bounds; references are there, and no instance is one of train."""
    problem = load_problem(name)
    for place in range(2):
        parameters = {name: bounds[place] for name, bounds in problem.variations().items()}
        made = problem.varied(parameters, family="varied", seed=3, count=2)
        assert made is not None
        assert len(made) == 2
        assert {instance.family for instance in made} == {"varied"}
        assert all((problem.reference(instance) or 0.0) > 0.0 for instance in made)
