"""What is simplified, in the archive: a candidate with a number of its own that counts nowhere."""

from dataclasses import replace

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, RunRecord, Told
from evoheur.candidate import UNNUMBERED, Candidate
from evoheur.request import Completion, Request, RequestKind
from tests.evoheur.archive.support.made_up import candidate, evaluation, step

REPLY = Completion(text="Simplified: - 3.0 * x becomes x", model="simplifier", attempts=0, evaluations=70)


def simplified(archive: Archive, run: RunRecord, parent: Candidate, *, objective: float = 0.5, code_hash: str = "less") -> int:
    remaining = replace(
        candidate(9, objective), id=UNNUMBERED, code="less = 1\n", operator="simplify", parents=(parent.id,), code_hash=code_hash
    )
    return archive.record_simplification(run.id, parent, remaining, REPLY, [evaluation(0.25, split="validation")])


def test_it_is_read_back_as_what_remains_of_its_parent(archive: Archive, run: RunRecord) -> None:
    """With its scores on all splits, and with the words of who simplified it."""
    step(archive, run, candidate(1, 1.0))
    assert archive.simplified(archive.candidate(run.name, 1)) is None
    assert simplified(archive, run, candidate(1, 1.0)) == 2
    found = archive.simplified(archive.candidate(run.name, 1))
    assert found is not None
    assert (found.candidate.id, found.candidate.parents, found.candidate.operator) == (2, (1,), "simplify")
    assert found.is_simplified
    assert not archive.candidate(run.name, 1).is_simplified
    assert {split: each.objective for split, each in found.evaluations.items()} == {"train": 0.5, "validation": 0.25}
    assert found.asked is not None
    assert found.asked.completion == REPLY
    assert archive.simplified(found) is None


def test_the_last_one_counts(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1, 1.0))
    simplified(archive, run, candidate(1, 1.0))
    simplified(archive, run, candidate(1, 1.0), code_hash="still less")
    found = archive.simplified(archive.candidate(run.name, 1))
    assert found is not None
    assert found.candidate.id == 3


def test_it_counts_nowhere(archive: Archive, run: RunRecord) -> None:
    """Not as a request, an evaluation, a call or the best, although it is better than all others; nor as progress."""
    step(archive, run, candidate(1, 1.0))
    before = archive.totals(run.id), archive.progress(run.name), archive.failures(run.name)
    simplified(archive, run, candidate(1, 1.0))
    assert (archive.totals(run.id), archive.progress(run.name), archive.failures(run.name)) == before
    assert [record.candidate.id for record in archive.best(run.name, 5)] == [1]
    chosen = archive.chosen(run.name)
    assert chosen is not None
    assert chosen.candidate.id == 1


def test_a_program_that_the_run_knows_shares_its_evaluation(archive: Archive, run: RunRecord) -> None:
    """As when all that was added since an ancestor goes again."""
    step(archive, run, candidate(1, 1.0))
    step(archive, run, candidate(2, 0.9, parents=(1,)))
    simplified(archive, run, candidate(2, 0.9), code_hash="hash-1")
    found = archive.simplified(archive.candidate(run.name, 2))
    assert found is not None
    assert (found.candidate.duplicate_of, found.candidate.objective) == (1, 1.0)


def test_it_stands_in_the_log_and_later_candidates_have_later_numbers(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1, 1.0))
    simplified(archive, run, candidate(1, 1.0))
    step(archive, run, candidate(3, 2.0))
    log = archive.log(run.id)
    assert [entry.kind for entry in log if isinstance(entry, Asked)] == [
        RequestKind.MODEL,
        RequestKind.SIMPLIFICATION,
        RequestKind.MODEL,
    ]
    told = [entry.outcome for entry in log if isinstance(entry, Told)]
    assert [outcome.id for outcome in told if isinstance(outcome, Candidate)] == [1, 2, 3]


def test_an_operator_of_a_model_may_have_its_name(archive: Archive, run: RunRecord) -> None:
    """Only what is tuned without a model may not."""
    assert RequestKind.stored("simplify", Request(operator="simplify").stored_product) is RequestKind.MODEL
    assert RequestKind.stored("simplify", Request.simplification().stored_product) is RequestKind.SIMPLIFICATION
    with pytest.raises(ValueError, match="'simplify' for what is simplified after it"):
        Request(operator="simplify", kind=RequestKind.TUNING).stored_product  # noqa: B018
