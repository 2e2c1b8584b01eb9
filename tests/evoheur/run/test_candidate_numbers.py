"""Candidates are numbered in the order of telling, and share the evaluation of the first of their code."""

from dataclasses import replace

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Failure
from evoheur.run.candidate_numbers import CandidateNumbers
from tests.evoheur.archive.support.made_up import candidate, evaluation

CUT_SHORT = evaluation(None, status=Status.PRUNED)


def unread(number: int, epoch: int) -> Evaluation:
    raise AssertionError(f"the evaluation of {number} in epoch {epoch} is not stored")


def told(numbers: CandidateNumbers, outcome: Candidate) -> Candidate:
    numbered = numbers.numbered(outcome)
    assert isinstance(numbered, Candidate)
    numbers.remember(numbered)
    return numbered


def test_a_second_one_of_the_same_code_shares_the_first_ones_evaluation() -> None:
    numbers = CandidateNumbers(candidate(0), unread)
    ids = [(found.id, found.duplicate_of) for found in (told(numbers, candidate(7, code_hash=code)) for code in "aba")]
    assert ids == [(1, None), (2, None), (3, 1)]
    failure = Failure(stage="parsing", reason="no-code", detail="prose")
    assert numbers.numbered(failure) is failure


def test_what_is_ahead_knows_what_is_not_stored_yet_and_changes_nothing() -> None:
    """One that was cut short has the whole evaluation of an equal one that is told in the same breath."""
    numbers = CandidateNumbers(candidate(0), unread)
    ahead = numbers.ahead()
    whole = told(ahead, candidate(5, 3.0, code_hash="a"))
    short = told(ahead, replace(candidate(5, CUT_SHORT), code_hash="a"))
    assert (whole.id, short.id, short.duplicate_of) == (1, 2, 1)
    assert short.evaluation is whole.evaluation
    assert told(numbers.ahead(), candidate(5, code_hash="a")).id == 1
    assert [original.number for original in numbers.originals] == [0]
