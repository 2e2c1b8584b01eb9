"""Runs whose training instances are made afresh, from the start to what is stored, shown and refused."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from evoheur import ConfigError, Result, discover, open_archive, resume
from evoheur.candidate import Candidate
from evoheur.run.config import RunConfig, parse_config
from evoheur.run.textbook_evaluations import epoch_seed
from evoheur.strategies.random_sampling import RandomConfig
from evoheur.strategies.strategy import Strategy, StrategyConfig
from tests.evoheur.cli.conftest import _own_folder, tiny_settings
from tests.evoheur.cli.support.invoking import evoheur

__all__ = ["_own_folder"]

MUTATOR = {"kind": "mutator", "max_nodes": 20}
EVERY = {"resample": {"every": 5}}


def settings(scheduling: str, **changes: Any) -> dict[str, Any]:
    wanted = {"generator": MUTATOR, "train": EVERY, "budget": {"evaluations": 16}, "tell_order": "asked", **changes}
    return tiny_settings(scheduling, **wanted)


@pytest.fixture(scope="module")
def result(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return discover(settings(scheduling), archive=tmp_path_factory.mktemp("resampled") / "some.db", name="fresh")


def instances(result: Result) -> dict[int, set[str]]:
    """Epoch → names of the instances that anything was scored on."""
    found: dict[int, set[str]] = {}
    with open_archive(result.archive) as archive:
        for record in archive.candidates(result.run):
            evaluation = record.evaluations["train"]
            found.setdefault(evaluation.epoch, set()).update(each.instance for each in evaluation.results)
    return found


def test_every_epoch_has_instances_of_its_own(result: Result) -> None:
    """Those of epoch 0 are the problem's; those of the others follow from the seed and the epoch."""
    found = instances(result)
    assert set(found) >= {0, 1, 2}
    for epoch, names in found.items():
        expected = f"train-{epoch_seed(1, epoch)}-" if epoch else "train-"
        assert all(name == f"{expected}{name.rpartition('-')[2]}" for name in names), (epoch, names)


def test_the_best_is_compared_on_the_newest_instances(result: Result) -> None:
    """With the problem's own heuristic and with the textbook rules, which are scored there too."""
    stopped = result.stopped
    newest = max(instances(result))
    assert result.best is not None
    assert result.best.evaluations["train"].epoch == newest
    assert stopped.baseline.evaluations["train"].epoch == newest
    assert stopped.totals.rescorings > 0
    assert stopped.totals.evaluations == 16, "what is scored again is not in the budget"
    assert "validation" in result.best.evaluations


@pytest.mark.parametrize("first", [8, *(pytest.param(number, marks=pytest.mark.nightly) for number in (3, 5))])
def test_a_run_extended_equals_one_that_was_as_long_from_the_start(
    result: Result, scheduling: str, tmp_path: Path, first: int
) -> None:
    """Also where it ended in the middle of an epoch."""
    discover(settings(scheduling, budget={"evaluations": first}), archive=tmp_path / "some.db", name="fresh")
    extended = resume("fresh", {"budget.evaluations": 16}, archive=tmp_path / "some.db")
    assert codes(extended) == codes(result)


def codes(result: Result) -> list[tuple[str, float | None, int]]:
    with open_archive(result.archive) as archive:
        records = archive.candidates(result.run)
    return [(each.candidate.code, each.candidate.objective, each.candidate.evaluation.epoch) for each in records]


def test_show_says_which_instances_a_score_is_of(result: Result) -> None:
    assert result.best is not None
    shown = evoheur("show", result.best.id, "--archive", result.archive)
    assert f"train (epoch {max(instances(result))}) gap" in shown.out, shown
    assert f"On train (epoch {max(instances(result))}):" in shown.out


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tune": {"evaluations": 10}}, "tune scores on the problem's own training instances, which train.resample gives up"),
        ({"strategy": {"kind": "tests.evoheur.run.test_resampled_runs:StubbornConfig"}}, "cannot take scores on fresh instances"),
        ({"train": {"resample": {"every": 0}}}, "train.resample.every"),
    ],
)
def test_what_cannot_go_with_fresh_instances_is_refused_when_the_configuration_is_read(
    scheduling: str, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_config(settings(scheduling, **changes), where="here")


def test_a_problem_that_makes_no_fresh_instances_is_refused_before_anything_is_spent(scheduling: str, tmp_path: Path) -> None:
    folder = tmp_path / "stubborn"
    shutil.copytree(scheduling, folder, ignore=shutil.ignore_patterns("__pycache__"))
    source = (folder / "problem.py").read_text()
    (folder / "problem.py").write_text(source.replace("def resampled(", "def resampled_no_more("))
    with pytest.raises(ConfigError, match=r"ListScheduling makes no fresh training instances, which train.resample asks for"):
        discover(settings(str(folder)), archive=tmp_path / "some.db", name="never")
    assert not (tmp_path / "some.db").exists()


def test_true_stands_for_the_default_and_false_for_none(scheduling: str) -> None:
    def read(value: object) -> RunConfig:
        return parse_config(settings(scheduling, train={"resample": value}), where="here")

    switched = read(value=True).train.resample
    assert switched is not None
    assert switched.every == 100
    assert read(value=False).train.resample is None


class StubbornConfig(StrategyConfig):
    """A strategy of somebody who has not heard of fresh instances."""

    kind: str = "tests.evoheur.run.test_resampled_runs:StubbornConfig"

    def build(self, baseline: Candidate, rng: random.Random) -> Strategy:
        return RandomConfig().build(baseline, rng)
