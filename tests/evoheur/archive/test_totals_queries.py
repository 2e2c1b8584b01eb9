"""Counting what a run did, by hand and by the database."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.archive.archive import Archive
from evoheur.archive.counting import Expense, Fate, TotalsCounter
from evoheur.archive.records import Asked, FailureExample, FailureGroup, RunRecord, Told, Totals
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Completion, Failure, Note, Outcome, Request, RequestKind, Usage
from tests.evoheur.archive.support.made_up import MESSAGES, REPLY, candidate, evaluation, failed, new_run, step
from tests.support.example_budget import dear


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
    archive.record_baseline(other.id, candidate(0))
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


WORTHS = st.one_of(
    st.sampled_from([1.0, 2.0, 3.0, 4.5]).map(evaluation),
    st.sampled_from([status for status in Status if status is not Status.OK]).map(failed),
)
OUTCOMES = st.one_of(
    WORTHS,
    WORTHS,
    st.just(Note(text="…")),
    st.builds(
        Failure,
        stage=st.sampled_from(["generation", "parsing"]),
        reason=st.sampled_from(["timeout", "no-code", "internal"]),
        detail=st.just(""),
        attempts=st.integers(0, 3),
    ),
)
REPLIES = st.builds(
    Completion,
    text=st.just(""),
    model=st.just("m"),
    usage=st.builds(
        Usage,
        prompt_tokens=st.integers(0, 99),
        completion_tokens=st.integers(0, 99),
        estimated=st.booleans(),
        cached_tokens=st.integers(0, 99),
        reasoning_tokens=st.integers(0, 99),
    ),
    attempts=st.integers(0, 3),
    evaluations=st.sampled_from([0, 0, 10, 40]),
    cost_usd=st.none() | st.sampled_from([0.0, 0.25, 0.5]),  # sums of these are the same in any order
)
REQUESTS = st.sampled_from(
    [
        Request(operator="e1"),
        Request(operator="m1"),
        Request(operator="harmony", kind=RequestKind.TUNING),
        Request.tuning_beside(candidate(0), method="cma-es", evaluations=40),
    ]
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, empty_archive: Path) -> Iterator[Archive]:
    """One archive for all examples; making one takes longer than an example."""
    path = tmp_path_factory.mktemp("totals") / "evoheur.db"
    shutil.copy(empty_archive, path)
    with Archive.open(f"sqlite:///{path}") as opened:
        yield opened


def outcome_of(worth: Evaluation | Note | Failure, bred: list[Candidate], original: int | None) -> Outcome:
    """The outcome that an archive takes next; a duplicate has its original's evaluation, so that is what it is worth."""
    if not isinstance(worth, Evaluation):
        return worth
    if original is None:
        return candidate(len(bred), worth)
    first = bred[original] if bred[original].duplicate_of is None else bred[bred[original].duplicate_of or 0]
    return candidate(len(bred), first.evaluation, duplicate_of=first.id)


def folded(log: list[Asked | Told]) -> Totals:
    """A log counted step by step, as a run counts."""
    counter = TotalsCounter()
    for entry in log:
        if isinstance(entry, Told):
            counter.told(entry.asked.kind, Fate.of(entry.outcome))
            continue
        counter.asked(entry.kind)
        if entry.completion is not None:
            counter.replied(entry.kind, Expense.of(entry.completion))
    return counter.totals()


@dear()
@given(
    steps=st.lists(st.tuples(REQUESTS, st.none() | REPLIES, st.none() | OUTCOMES), max_size=12),
    data=st.data(),
)
def test_the_database_counts_what_a_run_counts_step_by_step(
    shared: Archive, steps: list[tuple[Request, Completion | None, Evaluation | Note | Failure | None]], data: st.DataObject
) -> None:
    """Whatever was asked, replied and told, in any order of telling, and with requests left open."""
    run = new_run(shared, shared.fresh_name("any"))
    bred = [candidate(0)]
    shared.record_baseline(run.id, bred[0])
    asked = []
    for request, reply, worth in steps:
        stored = shared.record_ask(run.id, request, MESSAGES)
        asked.append((stored if reply is None else shared.record_completion(stored, reply), worth))
    for stored, worth in data.draw(st.permutations(asked)):
        if worth is not None:
            original = data.draw(st.none() | st.integers(0, len(bred) - 1))
            outcome = outcome_of(worth, bred, original)
            shared.record_tell(stored, outcome)
            bred += [outcome] if isinstance(outcome, Candidate) else []
    assert shared.totals(run.id) == folded(shared.log(run.id))
