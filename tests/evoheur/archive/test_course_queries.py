"""The course of a run says in plain rows what its log says in records."""

from evoheur.archive.archive import Archive
from evoheur.archive.counting import Expense, Fate
from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate
from evoheur.request import Failure, Note, Rescored
from tests.evoheur.archive.support.story import tell_story


def test_every_outcome_of_the_log_is_a_step_in_the_same_order(archive: Archive) -> None:
    tell_story(archive)
    [run] = archive.runs()
    steps = [step for step in archive.course(run.id) if step.sequence is not None]
    told = [entry for entry in archive.log(run.id) if isinstance(entry, Told)]
    assert len(told) == len(steps) > 10
    for entry, step in zip(told, steps, strict=True):
        asked, outcome = entry.asked, entry.outcome
        assert (step.sequence, step.request, step.operator, step.kind) == (
            entry.sequence,
            asked.number,
            asked.operator,
            asked.kind,
        )
        assert step.fate == Fate.of(outcome), outcome
        assert step.expense == (None if asked.completion is None else Expense.of(asked.completion))
        assert step.model == (None if asked.completion is None else asked.completion.model)
        assert step.reply_seconds == (0.0 if asked.completion is None else asked.completion.seconds)
        assert step.stage == (outcome.stage if isinstance(outcome, Failure) else None)
        assert step.is_note == isinstance(outcome, Note)
        candidate = outcome.candidate if isinstance(outcome, Rescored) else outcome
        assert step.candidate == (candidate.id if isinstance(candidate, Candidate) else None)


def test_what_waits_comes_last_with_what_it_cost_so_far(archive: Archive) -> None:
    tell_story(archive)
    [run] = archive.runs()
    waiting = [step for step in archive.course(run.id) if step.sequence is None]
    open_ended = {entry.number: entry for entry in archive.log(run.id) if isinstance(entry, Asked)}
    assert archive.course(run.id)[-2:] == waiting
    assert [step.operator for step in waiting] == ["m1", "reflect"]
    reply = open_ended[waiting[0].request].completion
    assert reply is not None
    assert waiting[0].expense == Expense.of(reply)
    assert (waiting[1].expense, waiting[1].fate) == (None, Fate())


def test_only_what_came_since_is_read(archive: Archive) -> None:
    tell_story(archive)
    [run] = archive.runs()
    whole = [step for step in archive.course(run.id) if step.sequence is not None]
    for place, step in enumerate(whole):
        assert step.sequence is not None
        rest = [each for each in archive.course(run.id, step.sequence) if each.sequence is not None]
        assert rest == whole[place + 1 :]
