"""Whole runs with statistical racing: what is dropped, that every strategy goes on where it was stopped, and what is reported."""

import io
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from rich.console import Console

from evoheur import Result, Status, discover, open_archive, resume
from evoheur.documents.event_as_document import event_document
from evoheur.documents.schemas import DOCUMENTS
from evoheur.errors import ConfigError
from evoheur.observers.run_summary import print_summary
from tests.end_to_end.support.method_settings import METHOD_SETTINGS, method_configuration
from tests.evoheur.cli.conftest import _own_folder

__all__ = ["_own_folder"]

RACE = {"rivals": 3, "first": 3, "tests": 1, "level": 0.1}
METHODS = [
    pytest.param(name, marks=[] if name == "eoh" else [pytest.mark.nightly]) for name in (*METHOD_SETTINGS, "eoh-resampled")
]


def settings(method: str, scheduling: str, *, evaluations: int, **changes: Any) -> dict[str, Any]:
    made = method_configuration(method, scheduling, evaluations=evaluations, **{"in_flight": 1, "seed": 1, **changes})
    made["evaluation"] = {
        **made["evaluation"],
        "sandbox": {"kind": "process"},
        "statistical_racing": RACE,
        "racing": False,
        "funnel": [],
    }
    if "resampled" in method:
        made["train"] = {"resample": {"every": 20}}
    return {key: value for key, value in made.items() if key not in {"name", "simplify"}}


def bred(result: Result) -> list[tuple[Any, ...]]:
    with open_archive(result.archive) as archive:
        return [
            (
                each.id,
                each.candidate.code,
                each.candidate.objective,
                each.candidate.evaluation.status,
                each.candidate.evaluation.detail,
                [result.instance for result in each.candidate.evaluation.results],
            )
            for each in archive.candidates(result.run)
        ]


@pytest.mark.parametrize("method", METHODS)
def test_every_strategy_goes_on_as_if_it_had_not_been_stopped(method: str, scheduling: str, tmp_path: Path) -> None:
    """With candidates that were dropped before and after; what a finished run tells again is the same."""
    whole = discover(settings(method, scheduling, evaluations=40), archive=tmp_path / "a.db", name="r")
    assert whole.stopped.totals.pruned > 0 or method == "evox"  # whose first policy breeds from all alike: few are far behind
    discover(settings(method, scheduling, evaluations=20), archive=tmp_path / "b.db", name="r")
    budget = 120 if "tune" in METHOD_SETTINGS.get(method, {}) else 40
    resumed = resume("r", {"budget.evaluations": budget}, archive=tmp_path / "b.db")
    assert bred(resumed) == bred(whole)
    assert resumed.stopped.race == whole.stopped.race
    assert resume("r", archive=tmp_path / "b.db").stopped.race == whole.stopped.race


@pytest.fixture(scope="module")
def raced(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """With several in flight, told in the order of asking."""
    archive = tmp_path_factory.mktemp("race") / "a.db"
    return discover(settings("es", scheduling, evaluations=40, in_flight=4), archive=archive, name="r")


def test_what_is_dropped_has_no_objective_and_its_first_instances_only(raced: Result) -> None:
    with open_archive(raced.archive) as archive:
        records = archive.candidates("r")
    dropped = [each.candidate for each in records if each.candidate.evaluation.status is Status.PRUNED]
    assert dropped
    assert {len(each.evaluation.results) for each in dropped} == {3}
    assert all(each.objective is None for each in dropped)
    assert all("significantly worse than all 3 rivals" in each.evaluation.detail for each in dropped)
    assert not {each.id for each in dropped} & {elite.candidate.id for elite in raced.stopped.best}


@pytest.mark.nightly
def test_the_same_run_again_is_the_same(raced: Result, scheduling: str, tmp_path: Path) -> None:
    again = discover(settings("es", scheduling, evaluations=40, in_flight=4), archive=tmp_path / "a.db", name="r")
    assert bred(again) == bred(raced)


def test_the_summary_and_the_log_tell_what_was_saved(raced: Result) -> None:
    course = raced.stopped.race
    assert course is not None
    assert course.saved == course.stopped > 0, "one of four instances each"
    assert course.solved + course.saved == 4 * course.candidates
    written = io.StringIO()
    print_summary(Console(width=200, file=written), raced.stopped)
    [line] = [line for line in written.getvalue().splitlines() if line.startswith("Racing: ")]
    assert line.startswith(
        f"Racing: {course.stopped} of {course.candidates} candidates stopped early, which saved {course.saved} of "
    )
    document = event_document(raced.stopped, time="2026-01-01T00:00:00Z", run="r").model_dump(mode="json", exclude_unset=True)
    TypeAdapter(DOCUMENTS["event"]).validate_python(document)
    assert document["race"]["saved"] == course.saved


def test_by_default_there_is_no_race(scheduling: str, tmp_path: Path) -> None:
    config = {**settings("es", scheduling, evaluations=3), "evaluation": {"executor": {"kind": "local", "slots": 1}}}
    assert discover(config, archive=tmp_path / "a.db", name="r").stopped.race is None


@pytest.mark.parametrize(("changes", "words"), [
    ({"statistical_racing": {}}, "the first test comes after 5 instances, and train has 4"),
    ({"funnel": [{"instances": 2}]}, "both drop candidates after a few instances"),
])  # fmt: skip
def test_what_does_not_fit_is_refused_before_anything_is_written(
    changes: dict[str, Any], words: str, scheduling: str, tmp_path: Path
) -> None:
    config = settings("es", scheduling, evaluations=3)
    config["evaluation"] |= changes
    with pytest.raises(ConfigError, match=words):
        discover(config, archive=tmp_path / "a.db", name="r")
    assert not (tmp_path / "a.db").exists()
