"""Whole runs with a funnel: every strategy takes part, and goes on exactly where it was stopped."""

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
from evoheur.request import RequestKind
from tests.end_to_end.support.method_settings import FUNNEL, METHOD_SETTINGS, method_configuration
from tests.evoheur.cli.conftest import _own_folder

__all__ = ["_own_folder"]

METHODS = [
    pytest.param(name, marks=[] if name == "eoh" else [pytest.mark.nightly]) for name in (*METHOD_SETTINGS, "eoh-resampled")
]


def settings(method: str, scheduling: str, *, evaluations: int, **changes: Any) -> dict[str, Any]:
    made = method_configuration(method, scheduling, evaluations=evaluations, **{"in_flight": 1, "seed": 1, **changes})
    made["evaluation"] = {**made["evaluation"], "sandbox": {"kind": "process"}, "funnel": FUNNEL, "racing": False}
    if "resampled" in method:
        made["train"] = {"resample": {"every": 20}}  # in epochs that are long enough for a bar
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
            )
            for each in archive.candidates(result.run)
        ]


@pytest.mark.parametrize("method", METHODS)
def test_every_strategy_goes_on_as_if_it_had_not_been_stopped(method: str, scheduling: str, tmp_path: Path) -> None:
    """With candidates that the funnel dropped before and after."""
    whole = discover(settings(method, scheduling, evaluations=40), archive=tmp_path / "a.db", name="r")
    assert whole.stopped.totals.pruned > 0
    discover(settings(method, scheduling, evaluations=20), archive=tmp_path / "b.db", name="r")
    budget = 120 if "tune" in METHOD_SETTINGS.get(method, {}) else 40
    resumed = resume("r", {"budget.evaluations": budget}, archive=tmp_path / "b.db")
    assert bred(resumed) == bred(whole)
    assert resumed.stopped.funnel == whole.stopped.funnel
    assert resume("r", archive=tmp_path / "b.db").stopped.funnel == whole.stopped.funnel


@pytest.fixture(scope="module")
def funnelled(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    archive = tmp_path_factory.mktemp("funnel") / "a.db"
    return discover(settings("es", scheduling, evaluations=40), archive=archive, name="r")


def test_what_is_dropped_is_scored_on_its_stages_only(funnelled: Result) -> None:
    """And the others on all, as without a funnel."""
    with open_archive(funnelled.archive) as archive:
        records = [record for record in archive.candidates("r") if record.asked is not None]
    assert all(record.asked and record.asked.kind is RequestKind.MODEL for record in records)
    dropped = [record.candidate.evaluation for record in records if record.candidate.evaluation.status is Status.PRUNED]
    assert {len(evaluation.results) for evaluation in dropped} <= {1, 2}
    assert all("of the funnel), where" in evaluation.detail for evaluation in dropped)
    whole = [record.candidate.evaluation for record in records if record.candidate.evaluation.status is Status.OK]
    assert {len(evaluation.results) for evaluation in whole} == {4}
    first, _, last = funnelled.stopped.funnel
    assert first.candidates >= len(whole) + len(dropped) > last.candidates == len(whole)


def test_the_summary_and_the_log_tell_how_the_stages_agree(funnelled: Result) -> None:
    written = io.StringIO()
    print_summary(Console(width=200, file=written), funnelled.stopped)
    [line] = [line for line in written.getvalue().splitlines() if line.startswith("Funnel: ")]
    first, second, last = funnelled.stopped.funnel
    assert line.startswith(
        f"Funnel: {first.candidates} candidates on 1 instance, {second.candidates} on 2, {last.candidates} on all 4;"
    )
    assert first.spearman is not None
    assert f"Spearman between stages {first.spearman:.2f}, " in line
    document = event_document(funnelled.stopped, time="2026-01-01T00:00:00Z", run="r").model_dump(mode="json", exclude_unset=True)
    TypeAdapter(DOCUMENTS["event"]).validate_python(document)
    assert [stage["candidates"] for stage in document["funnel"]] == [first.candidates, second.candidates, last.candidates]


def test_known_heuristics_pass_it_by(scheduling: str, tmp_path: Path) -> None:
    """However bad they are: whoever names one wants to know what it is worth."""
    code = "def choose(length, loads):\n    return loads * {}.0\n"
    seeds = [{"source": f"s{number}", "code": code.format(number + 1)} for number in range(14)]
    config = settings("es", scheduling, evaluations=16, seeds=seeds)
    result = discover(config, archive=tmp_path / "a.db", name="r")
    with open_archive(result.archive) as archive:
        records = archive.candidates("r")
    named = [each for each in records if each.asked is not None and each.asked.kind is RequestKind.WARM_START]
    assert len(named) == 14
    assert all(each.candidate.evaluation.status is Status.OK for each in named)


def test_without_stages_there_is_none(scheduling: str, tmp_path: Path) -> None:
    config = {**settings("es", scheduling, evaluations=3), "evaluation": {"executor": {"kind": "local", "slots": 1}}}
    assert discover(config, archive=tmp_path / "a.db", name="r").stopped.funnel == ()


def test_stages_that_do_not_fit_the_problem_are_refused_before_anything_is_written(scheduling: str, tmp_path: Path) -> None:
    config = settings("es", scheduling, evaluations=3)
    config["evaluation"]["funnel"] = [{"instances": 4}]
    with pytest.raises(ConfigError, match="stage 1 has 4 instances and train has 4"):
        discover(config, archive=tmp_path / "a.db", name="r")
    assert not (tmp_path / "a.db").exists()
