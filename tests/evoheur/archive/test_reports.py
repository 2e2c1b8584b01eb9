"""Counting what a run did, by hand and by the database."""

from dataclasses import replace

from evoheur.archive.archive import Archive
from evoheur.archive.records import FailureExample, FailureGroup, RunRecord, Totals
from evoheur.candidate import Status
from evoheur.request import Failure, Note, Request, Usage
from tests.evoheur.archive.made_up import MESSAGES, REPLY, candidate, failed, new_run, step


def test_nothing_done_is_nothing_counted(archive: Archive, run: RunRecord) -> None:
    """The baseline is no evaluation of the search's."""
    assert archive.totals(run.id) == Totals()
    assert archive.progress(run.name) == []
    assert archive.failures(run.name) == []


def tell_everything(archive: Archive, run: RunRecord) -> None:
    """Objectives in order of telling: 5, failed, screened, 3, 3 again (a duplicate), 3 (another code), failed twice as one code."""
    step(archive, run, candidate(1, 5.0))
    step(archive, run, candidate(2, failed(Status.TIMEOUT, "20 s")))
    step(archive, run, candidate(3, failed(Status.REJECTED, "imports os")))
    step(archive, run, candidate(4, 3.0), reply=replace(REPLY, attempts=2, cost_usd=0.5))
    step(archive, run, candidate(5, 3.0, duplicate_of=4), reply=replace(REPLY, cost_usd=0.25))
    step(archive, run, candidate(6, 3.0))
    step(archive, run, candidate(7, failed(Status.TIMEOUT, "21 s")))
    step(archive, run, candidate(8, failed(Status.TIMEOUT, "21 s"), duplicate_of=7))
    step(archive, run, Note(text="…"))
    step(archive, run, Failure(stage="parsing", reason="no-code", detail="prose"))
    step(archive, run, Failure(stage="generation", reason="timeout", detail="60 s", attempts=3), reply=None)
    archive.record_completion(archive.record_ask(run.id, Request(operator="m1"), MESSAGES), replace(REPLY, usage=Usage()))
    archive.record_ask(run.id, Request(operator="m2"), MESSAGES)


def test_totals_count_what_was_done_and_spent(archive: Archive, run: RunRecord) -> None:
    """Thirteen requests of which two are open; eleven replies by twelve calls, ten of 100 + 20 tokens; three calls for nothing.

    Evaluations are candidates 1, 2, 4, 6 and 7; the best came with 4, after which 6 and 7 were evaluated. The reason "timeout" is shared
    by a request and three candidates.
    """
    other = new_run(archive, "other")
    archive.record_baseline(other.id, candidate(0), "h")
    tell_everything(archive, run)
    step(archive, other, candidate(1, 1.0))
    assert archive.totals(run.id) == Totals(
        requests=13,
        pending=2,
        calls=15,
        evaluations=5,
        duplicates=2,
        failures={"timeout": 4, "rejected": 1, "no-code": 1},
        prompt_tokens=1000,
        completion_tokens=200,
        cost_usd=0.75,
        best_objective=3.0,
        since_best=2,
        seconds=0.0,
    )
    assert archive.totals(run.id).tokens == 1200


def test_without_success_every_evaluation_is_since_the_best(archive: Archive, run: RunRecord) -> None:
    for number in (1, 2):
        step(archive, run, candidate(number, failed()))
    totals = archive.totals(run.id)
    assert (totals.best_objective, totals.since_best, totals.cost_usd) == (None, 2, None)


def test_progress_has_a_step_where_the_best_improved(archive: Archive, run: RunRecord) -> None:
    """5 with the first evaluation, 3 with the third (1, 2, 4: number 3 was screened out); equal ones are no improvement."""
    tell_everything(archive, run)
    assert archive.progress(run.name) == [(1, 5.0), (3, 3.0)]


def test_failures_are_grouped_with_examples(archive: Archive, run: RunRecord) -> None:
    """Candidates 2, 7 and its duplicate 8 timed out; a request that timed out is another stage."""
    tell_everything(archive, run)
    assert archive.failures(run.name) == [
        FailureGroup(
            stage="evaluation",
            reason="timeout",
            count=3,
            examples=(
                FailureExample(request=2, candidate=2, operator="e1", detail="20 s"),
                FailureExample(request=7, candidate=7, operator="e1", detail="21 s"),
                FailureExample(request=8, candidate=8, operator="e1", detail="21 s"),
            ),
        ),
        FailureGroup(
            stage="evaluation",
            reason="rejected",
            count=1,
            examples=(FailureExample(request=3, candidate=3, operator="e1", detail="imports os"),),
        ),
        FailureGroup(
            stage="generation",
            reason="timeout",
            count=1,
            examples=(FailureExample(request=11, candidate=None, operator="e1", detail="60 s"),),
        ),
        FailureGroup(
            stage="parsing",
            reason="no-code",
            count=1,
            examples=(FailureExample(request=10, candidate=None, operator="e1", detail="prose"),),
        ),
    ]


def test_only_the_first_few_failures_are_examples(archive: Archive, run: RunRecord) -> None:
    for number in range(5):
        step(archive, run, Failure(stage="parsing", reason="no-code", detail=f"prose {number}"))
    [group] = archive.failures(run.name)
    assert group.count == 5
    assert [example.detail for example in group.examples] == ["prose 0", "prose 1", "prose 2"]
