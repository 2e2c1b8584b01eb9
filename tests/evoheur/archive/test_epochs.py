"""Scores on fresh training instances in the archive: what is stored, what counts as best, and what replay is told."""

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.counting import Expense, Fate, TotalsCounter
from evoheur.archive.records import ProgressStep, RunRecord, Told
from evoheur.candidate import Candidate, Status
from evoheur.request import Request, Rescored
from tests.evoheur.archive.support.made_up import MESSAGES, candidate, evaluation, failed, step


def rescored(archive: Archive, run: RunRecord, scored: Candidate, *, epoch: int) -> Told:
    """Ask and tell the worth of a known candidate on the instances of an epoch."""
    asked = archive.record_ask(run.id, Request.rescoring(scored, epoch=epoch), ())
    return archive.record_tell(asked, Rescored(candidate=scored))


def later(archive: Archive, run: RunRecord, bred: Candidate) -> Told:
    """Ask and tell a candidate of a later epoch."""
    asked = archive.record_ask(run.id, Request(operator="e1", epoch=bred.evaluation.epoch), MESSAGES)
    return archive.record_tell(asked, bred)


def two_epochs(archive: Archive, run: RunRecord) -> list[Told]:
    """Two candidates change places on fresh instances; the third was not scored again; the fourth is bred on them."""
    return [
        step(archive, run, candidate(1, 1.0)),
        step(archive, run, candidate(2, 2.0)),
        step(archive, run, candidate(3, 1.5)),
        rescored(archive, run, candidate(0, evaluation(5.0, epoch=1)), epoch=1),
        rescored(archive, run, candidate(1, evaluation(4.0, epoch=1)), epoch=1),
        rescored(archive, run, candidate(2, evaluation(3.0, epoch=1)), epoch=1),
        later(archive, run, candidate(4, evaluation(3.5, epoch=1))),
    ]


def test_the_log_tells_every_worth_as_it_was_told(archive: Archive, run: RunRecord) -> None:
    """Candidate 1 with its first worth where it was bred, and with its second where it was scored again."""
    told = two_epochs(archive, run)
    assert [entry for entry in archive.log(run.id) if isinstance(entry, Told)] == told
    baseline = archive.baseline(run.id)
    assert baseline is not None
    assert baseline.evaluation.epoch == 0


def test_the_newest_instances_decide_who_is_best(archive: Archive, run: RunRecord) -> None:
    """What was not scored on them comes after all that was, however good it was before."""
    two_epochs(archive, run)
    best = archive.best(run.name, 4)
    assert [(record.candidate.id, record.candidate.objective) for record in best] == [(2, 3.0), (4, 3.5), (1, 4.0), (3, 1.5)]
    assert best[0].evaluations["train"].epoch == 1
    chosen = archive.chosen(run.name)
    assert chosen is not None
    assert chosen.candidate.id == 2


def test_a_candidate_that_failed_on_the_newest_instances_is_not_among_the_best(archive: Archive, run: RunRecord) -> None:
    two_epochs(archive, run)
    slow = candidate(4, evaluation(None, status=Status.TIMEOUT, epoch=2))
    rescored(archive, run, slow, epoch=2)
    rescored(archive, run, candidate(2, evaluation(3.25, epoch=2)), epoch=2)
    assert [record.candidate.id for record in archive.best(run.name, 4)] == [2, 1, 3]


def test_totals_begin_anew_with_every_epoch(archive: Archive, run: RunRecord) -> None:
    """The same by counting outcome by outcome, as a session does, and from the tables, as a resumed one does."""
    counter = TotalsCounter()
    for told in two_epochs(archive, run):
        counter.asked(told.asked.kind)
        if told.asked.completion is not None:
            counter.replied(told.asked.kind, expense_of(told))
        counter.told(told.asked.kind, Fate.of(told.outcome))
    totals = archive.totals(run.id)
    assert counter.totals() == totals
    assert (totals.evaluations, totals.rescorings, totals.requests, totals.pending) == (4, 3, 4, 0)
    assert totals.best_objective == 3.0, "the baseline's 5 and the objectives on other instances do not count"
    assert totals.since_best == 3, "of four evaluations the first was the last that improved"


def test_progress_follows_the_best_from_epoch_to_epoch(archive: Archive, run: RunRecord) -> None:
    two_epochs(archive, run)
    later(archive, run, candidate(5, evaluation(2.5, epoch=1)))
    assert archive.progress(run.name) == [ProgressStep(1, 1.0), ProgressStep(3, 3.0), ProgressStep(5, 2.5)]


def test_failures_are_those_of_the_instances_that_a_candidate_was_bred_on(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1, failed()))
    step(archive, run, candidate(2, 2.0))
    rescored(archive, run, candidate(2, evaluation(None, status=Status.TIMEOUT, epoch=1)), epoch=1)
    assert [(group.reason, group.count) for group in archive.failures(run.name)] == [("error", 1)]


def test_a_duplicate_that_is_scored_again_brings_its_original_the_worth(archive: Archive, run: RunRecord) -> None:
    """Once, also where both are asked for."""
    step(archive, run, candidate(1, 1.0))
    step(archive, run, candidate(2, 1.0, duplicate_of=1))
    told = rescored(archive, run, candidate(2, evaluation(3.0, epoch=1), duplicate_of=1), epoch=1)
    rescored(archive, run, candidate(1, evaluation(3.0, epoch=1)), epoch=1)
    assert told in archive.log(run.id)
    assert [archive.candidate(run.name, number).candidate.objective for number in (1, 2)] == [3.0, 3.0]


def test_an_evaluation_on_train_is_refused_outside_the_log(archive: Archive, run: RunRecord) -> None:
    """Whatever the epoch: replay must meet what the strategy was told."""
    step(archive, run, candidate(1, 1.0))
    with pytest.raises(ValueError, match="has its evaluation on train"):
        archive.record_evaluation(run.id, 1, evaluation(2.0, epoch=1))


def expense_of(told: Told) -> Expense:
    assert told.asked.completion is not None
    return Expense.of(told.asked.completion)
