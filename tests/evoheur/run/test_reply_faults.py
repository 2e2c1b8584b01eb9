"""Kinds of faults, and the sentences that avoid them."""

from dataclasses import replace

import pytest

from evoheur.candidate import Candidate, Status
from evoheur.generation.refusals import Reason
from evoheur.request import Failure, Note
from evoheur.run.reply_faults import REMEDIES, fault_of
from evoheur.testing.strategy_runs import made_up_candidate

TRACEBACK = "line 3, in priority: x = foo(bins)\nTraceback\nNameError: name 'foo' is not defined"


def ended(status: Status, detail: str = "") -> Candidate:
    bred = made_up_candidate(1, None)
    return replace(bred, evaluation=replace(bred.evaluation, status=status, detail=detail, objective=None))


def test_exceptions_are_told_apart_by_their_names() -> None:
    fault = fault_of(ended(Status.ERROR, TRACEBACK))
    assert fault is not None
    assert (fault.kind, fault.example) == ("NameError", "NameError: name 'foo' is not defined")
    assert "names that the code defines" in fault.remedy


@pytest.mark.parametrize("status", [status for status in Status if status not in {Status.OK, Status.PRUNED}])
def test_every_failure_of_an_evaluation_has_a_remedy(status: Status) -> None:
    fault = fault_of(ended(status))
    assert fault is not None
    assert (fault.kind, fault.remedy) == (status.value, REMEDIES[status])


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_of_a_reply_has_a_remedy(reason: Reason) -> None:
    fault = fault_of(Failure(stage="parsing", reason=reason.value, detail="line 1\nof it"))
    assert fault is not None
    assert (fault.remedy, fault.example) == (REMEDIES[reason], "line 1 of it")


def test_what_works_or_is_stopped_early_is_no_fault() -> None:
    assert fault_of(made_up_candidate(1, 2.0)) is None
    assert fault_of(ended(Status.PRUNED)) is None
    assert fault_of(Note(text="")) is None


def test_remedies_are_sentences() -> None:
    assert all(remedy.endswith(".") and remedy[0].islower() for remedy in REMEDIES.values())
