"""Runs in which candidates take over the scores of earlier ones: what is spent, stored, shown, and resumed."""

from pathlib import Path
from typing import Any

import pytest

from evoheur import Result, discover, open_archive, resume
from evoheur.archive.records import CandidateRecord
from tests.evoheur.cli.conftest import _own_folder, tiny_settings
from tests.evoheur.cli.support.invoking import evoheur
from tests.evoheur.run.support.alike import KIND

__all__ = ["_own_folder"]

REQUESTS = 24
PROBED = {"probe_states": 16}


def settings(scheduling: str, **changes: Any) -> dict[str, Any]:
    sandbox = {
        "executor": {"kind": "local", "slots": 1},
        "sandbox": {"kind": "process"},
        "limits": {"memory_mib": 256},
        "racing": False,
    }
    wanted = {"generator": {"kind": KIND}, "budget": {"requests": REQUESTS}, "audit": False, "evaluation": sandbox, **changes}
    return tiny_settings(scheduling, **{"tell_order": "asked", **wanted})


def records(result: Result) -> list[CandidateRecord]:
    with open_archive(result.archive) as archive:
        return archive.candidates(result.run)


def bred(result: Result) -> list[tuple[str, tuple[int, ...], float | None]]:
    return [(each.candidate.code, each.candidate.parents, each.candidate.objective) for each in records(result)]


def kinships(result: Result) -> list[tuple[int | None, bool]]:
    return [(each.candidate.duplicate_of, each.candidate.is_twin) for each in records(result)]


@pytest.fixture(scope="module")
def plain(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return discover(settings(scheduling, novelty=False), archive=tmp_path_factory.mktemp("plain") / "a.db", name="r")


@pytest.fixture(scope="module")
def reusing(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return discover(settings(scheduling, novelty=PROBED), archive=tmp_path_factory.mktemp("reusing") / "a.db", name="r")


def test_the_search_goes_the_same_way_with_fewer_evaluations(plain: Result, reusing: Result) -> None:
    """All twins here are true ones: same heuristics, same parents, same objectives."""
    assert bred(reusing) == bred(plain)
    before, now = plain.stopped.totals, reusing.stopped.totals
    assert before.twins == 0
    assert now.twins > 3
    assert now.evaluations < before.evaluations
    assert now.evaluations + now.duplicates == before.evaluations + before.duplicates
    assert (now.requests, now.calls, now.best_objective) == (before.requests, before.calls, before.best_objective)


def test_a_twin_has_the_evaluation_of_a_candidate_with_other_code(reusing: Result) -> None:
    found = {each.candidate.id: each.candidate for each in records(reusing)}
    for candidate in found.values():
        if candidate.duplicate_of is None:
            assert candidate.evaluation.fingerprint or candidate.id == 0
            continue
        original = found[candidate.duplicate_of]
        assert original.duplicate_of is None
        assert candidate.evaluation == original.evaluation
        assert candidate.is_twin == (candidate.code_hash != original.code_hash)


def test_equal_forms_are_twins_without_a_question_to_the_guest(scheduling: str, tmp_path: Path) -> None:
    """Which is so unless it is switched off."""
    result = discover(settings(scheduling, generator={"kind": KIND, "forms": 2}), archive=tmp_path / "a.db")
    assert result.stopped.totals.twins > 0
    assert not any(each.candidate.evaluation.fingerprint for each in records(result))


def test_a_run_extended_equals_one_that_was_as_long_from_the_start(scheduling: str, reusing: Result, tmp_path: Path) -> None:
    """The fingerprints of the first session are known in the second."""
    half = settings(scheduling, novelty=PROBED, budget={"requests": 11})
    discover(half, archive=tmp_path / "a.db", name="r")
    extended = resume("r", {"budget.requests": REQUESTS}, archive=tmp_path / "a.db")
    assert bred(extended) == bred(reusing)
    assert kinships(extended) == kinships(reusing)
    assert extended.stopped.totals.twins == reusing.stopped.totals.twins


def test_the_same_seed_gives_the_same_twins_whatever_is_finished_first(scheduling: str, tmp_path: Path) -> None:
    several = settings(scheduling, novelty=PROBED, in_flight=4)
    several["evaluation"]["executor"]["slots"] = 2
    first, second = (discover(several, archive=tmp_path / f"{number}.db", name="r") for number in (1, 2))
    assert bred(first) == bred(second)
    assert kinships(first) == kinships(second)


def test_a_false_twin_is_never_the_best(scheduling: str, tmp_path: Path) -> None:
    """What is best, and what is validated, has been scored itself; so it is with every epoch's instances, also after a resume."""
    few = settings(
        scheduling,
        generator={"kind": KIND, "forms": 1, "rare": True},
        novelty={"probe_states": 4},
        train={"resample": {"every": 6}},
        budget={"requests": 12},
    )
    discover(few, archive=tmp_path / "a.db", name="r")
    result = resume("r", {"budget.requests": REQUESTS}, archive=tmp_path / "a.db")
    whole = discover({**few, "budget": {"requests": REQUESTS}}, archive=tmp_path / "whole.db", name="r")
    assert bred(result) == bred(whole)
    assert kinships(result) == kinships(whole)
    found = {each.candidate.id: each for each in records(result)}
    twins = [each.candidate for each in found.values() if each.candidate.is_twin]
    originals = [found[each.duplicate_of].candidate for each in twins if each.duplicate_of is not None]
    false = [
        ("length < 200" in twin.code) != ("length < 200" in other.code) for twin, other in zip(twins, originals, strict=True)
    ]
    assert any(false), "there is one to be wrong about"
    assert max(each.evaluations["train"].epoch for each in found.values()) > 1
    assert result.best is not None
    assert "validation" in result.best.evaluations
    with open_archive(result.archive) as archive:
        best = archive.best(result.run, 20)
    assert best
    assert all(each.candidate.duplicate_of is None for each in best)


def test_asking_again_spends_a_request_and_the_strategy_hears_of_what_is_new(scheduling: str, tmp_path: Path) -> None:
    wanted = settings(scheduling, novelty={**PROBED, "twins": "ask_again"})
    result = discover(wanted, archive=tmp_path / "a.db", name="r")
    known = {each.candidate.id for each in records(result) if each.candidate.duplicate_of is not None}
    assert known
    assert result.stopped.totals.requests == REQUESTS
    assert not any(known.intersection(each.candidate.parents) for each in records(result)), "it breeds from what is new"
    discover({**wanted, "budget": {"requests": 11}}, archive=tmp_path / "b.db", name="r")
    assert bred(resume("r", {"budget.requests": REQUESTS}, archive=tmp_path / "b.db")) == bred(result)


def test_twins_are_told_from_copies(reusing: Result) -> None:
    twin = next(each for each in records(reusing) if each.candidate.is_twin)
    shown = evoheur("show", twin.id, "--archive", str(reusing.archive))
    assert f"Other code that does the same as r/{twin.candidate.duplicate_of}" in shown.out
