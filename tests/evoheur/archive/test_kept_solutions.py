"""Solutions that are kept to be drawn come back as they were."""

import math

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.errors import ArchiveError
from tests.evoheur.archive.support.made_up import candidate, step


def test_solutions_come_back_by_split_and_instance(archive: Archive, run: RunRecord) -> None:
    assert archive.solutions(run.name, 0) == {}
    archive.keep_solutions(run.id, 0, "train", {"b": [[1, 2], [0.5]], "a": {"tour": [2, 0, 1], "naïve": "\ud83d"}})
    archive.keep_solutions(run.id, 0, "validation", {"b": None})
    archive.keep_solutions(run.id, 0, "test", {})
    assert archive.solutions(run.name, 0) == {
        "train": {"a": {"tour": [2, 0, 1], "naïve": "\ud83d"}, "b": [[1, 2], [0.5]]},
        "validation": {"b": None},
    }


def test_a_later_solution_takes_the_place_of_the_same_instance_only(archive: Archive, run: RunRecord) -> None:
    archive.keep_solutions(run.id, 0, "train", {"a": 1, "b": 2})
    archive.keep_solutions(run.id, 0, "train", {"b": 3, "c": 4})
    assert archive.solutions(run.name, 0) == {"train": {"a": 1, "b": 3, "c": 4}}


def test_a_duplicate_has_the_solutions_of_its_original(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1))
    step(archive, run, candidate(2, duplicate_of=1))
    archive.keep_solutions(run.id, 2, "train", {"a": [1]})
    assert archive.solutions(run.name, 1) == archive.solutions(run.name, 2) == {"train": {"a": [1]}}


def test_what_is_no_json_or_belongs_to_nobody_is_refused(archive: Archive, run: RunRecord) -> None:
    for solution in (math.nan, object()):
        with pytest.raises(ValueError, match="cannot hold what it was given"):
            archive.keep_solutions(run.id, 0, "train", {"a": solution})
    with pytest.raises(ArchiveError, match="has no candidate 7"):
        archive.keep_solutions(run.id, 7, "train", {"a": 1})
    with pytest.raises(ArchiveError, match="no candidate quickstart-1/7"):
        archive.solutions(run.name, 7)
    assert archive.solutions(run.name, 0) == {}


def test_candidates_with_solutions_are_listed_with_their_instances(archive: Archive, run: RunRecord) -> None:
    """By number, split and name; without the solutions."""
    assert archive.solved_instances(run.name) == {}
    step(archive, run, candidate(1))
    archive.keep_solutions(run.id, 1, "validation", {"b": [2], "a": [1]})
    archive.keep_solutions(run.id, 0, "train", {"c": [3]})
    assert archive.solved_instances(run.name) == {0: {"train": ["c"]}, 1: {"validation": ["a", "b"]}}
