"""Runs whose replies may leave alternatives open: what is archived, counted, told to the model, and resumed."""

import re
from pathlib import Path
from typing import Any

import pytest

from evoheur import Result, discover, open_archive, resume
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import Candidate
from evoheur.run.config import parse_config
from tests.evoheur.cli.conftest import tiny_settings
from tests.evoheur.cli.support.scripted import KIND

SCRIPT = ["open", "worse", "open", "prose", "good", "raises"]


def settings(scheduling: str, **changes: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "generator": {"kind": KIND, "script": SCRIPT},
        "budget": {"requests": 9},
        "fill": {},
        "tell_order": "asked",
        "audit": False,
    }
    return tiny_settings(scheduling, **{**wanted, **changes})


def records(result: Result) -> list[CandidateRecord]:
    with open_archive(result.archive) as archive:
        return archive.candidates(result.run)


def candidates(result: Result) -> list[Candidate]:
    return [each.candidate for each in records(result)]


@pytest.fixture(scope="module")
def filled(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return discover(settings(scheduling), archive=tmp_path_factory.mktemp("filled") / "a.db", name="r")


def test_what_is_archived_is_plain_code_with_its_lineage(filled: Result) -> None:
    """Of four fillings the two by Graham's rule are equally good; the first of them is taken."""
    first = records(filled)[1].candidate
    assert re.fullmatch(r"def choose\(length, loads\):\n    return \(-loads\) \* \d+\.0", first.code.strip())
    assert re.match(r"Leave it open\. Filled with -loads, \d+\.0: best of 4, ", first.thought)
    with open_archive(filled.archive) as archive:
        told = archive.candidate("r", 1)
    assert told.asked is not None
    assert told.asked.completion is not None
    assert "choice(loads, -loads)" in told.asked.completion.text
    assert told.asked.completion.evaluations == 4
    assert all("choice(" not in each.candidate.code for each in records(filled))


def test_every_filling_counts_as_an_evaluation(filled: Result) -> None:
    """Nine replies: four are open, of four fillings each, two are worse, one is prose, one good, one raises."""
    totals = filled.stopped.totals
    bred = candidates(filled)[1:]
    scored = sum(each.duplicate_of is None for each in bred)
    opened = sum("best of 4" in each.thought for each in bred)
    assert (totals.requests, opened, len(bred)) == (9, 4, 8)
    assert totals.evaluations == scored + 4 * opened
    with open_archive(filled.archive) as archive:
        stored = archive.totals(archive.run("r").id)
    assert (stored.evaluations, stored.duplicates) == (totals.evaluations, totals.duplicates)


def test_a_run_that_is_resumed_or_replayed_goes_the_same_way(scheduling: str, filled: Result, tmp_path: Path) -> None:
    parted = discover(settings(scheduling, budget={"requests": len(SCRIPT)}), archive=tmp_path / "a.db", name="r")
    parted = resume("r", {"budget.requests": 9}, archive=tmp_path / "a.db")
    recorded = {"kind": "recorded", "run": "r"}
    evaluation = settings(scheduling)["evaluation"]
    accepted = {**evaluation, "sandbox": {**evaluation["sandbox"], "allow_unisolated": True}}
    replayed = discover(settings(scheduling, generator=recorded, evaluation=accepted), archive=tmp_path / "a.db", name="again")
    whole, halves, again = (
        [(bred.code, bred.thought, bred.parents, bred.objective, bred.duplicate_of) for bred in candidates(result)]
        for result in (filled, parted, replayed)
    )
    assert whole == halves == again
    assert {result.stopped.totals.evaluations for result in (filled, parted, replayed)} == {filled.stopped.totals.evaluations}


def test_the_prompt_explains_the_markers_where_they_are_filled_only(scheduling: str, filled: Result, tmp_path: Path) -> None:
    plain = discover(settings(scheduling, fill=None), archive=tmp_path / "a.db", name="r")
    prompts = []
    for result in (filled, plain):
        with open_archive(result.archive) as archive:
            asked = archive.candidate("r", 1).asked
        assert asked is not None
        prompts.append(asked.messages[0].content)
    assert "write `choice(a, b, c)` in place of an expression" in prompts[0]
    assert "`number(low, high)`" in prompts[0]
    assert "choice(" not in prompts[1]


def test_markers_in_an_ordinary_run_are_a_fault_of_the_reply(scheduling: str, tmp_path: Path) -> None:
    result = discover(settings(scheduling, fill=None), archive=tmp_path / "a.db", name="r")
    with open_archive(result.archive) as archive:
        groups = {group.reason: group for group in archive.failures("r")}
    assert groups["markers"].count == 4
    assert "line 2 of the code leaves a choice open (choice(loads, -loads))" in groups["markers"].examples[0].detail
    assert all("choice(" not in each.candidate.code for each in records(result))


def test_the_setting_is_read_and_off_by_default(scheduling: str) -> None:
    assert parse_config(tiny_settings(scheduling), where="test").fill is None
    config = parse_config(tiny_settings(scheduling, fill={"evaluations": 7}), where="test")
    assert config.fill is not None
    assert config.fill.evaluations == 7
