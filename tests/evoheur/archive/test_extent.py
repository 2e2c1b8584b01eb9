"""Reading less of a run than there is."""

from dataclasses import replace

from evoheur.archive.archive import Archive
from evoheur.archive.extent import COURSE, FOR_REPLAY, MEASURES
from evoheur.archive.records import Asked, Told
from evoheur.report.curves import Trace
from tests.evoheur.archive.support.story import NAME, tell_story


def test_a_run_goes_on_without_the_prompts_that_have_an_outcome(archive: Archive) -> None:
    """All else is there: replies, candidates, and the prompts of requests that nobody has worked on yet."""
    whole = tell_story(archive)
    run = archive.run(NAME)
    told = {entry.asked.id for entry in whole if isinstance(entry, Told)}
    assert any(isinstance(entry, Asked) and entry.id not in told and entry.messages for entry in whole)

    def expected(asked: Asked) -> Asked:
        return replace(asked, messages=()) if asked.id in told else asked

    assert archive.log(run.id, FOR_REPLAY) == [
        expected(entry) if isinstance(entry, Asked) else replace(entry, asked=expected(entry.asked))
        for entry in archive.log(run.id)
    ]


def test_a_course_is_the_same_without_texts(archive: Archive) -> None:
    """What is left out is empty."""
    tell_story(archive)
    run, baseline = archive.run(NAME), archive.baseline(archive.run(NAME).id)
    assert baseline is not None
    course = archive.log(run.id, COURSE)
    assert Trace.of(course, baseline) == Trace.of(archive.log(run.id), baseline)
    assert all(
        not entry.messages and not (entry.completion and entry.completion.text) for entry in course if isinstance(entry, Asked)
    )


def test_candidates_come_with_objectives_and_measures_alone(archive: Archive) -> None:
    """The same ones as when all is read, in the same order."""
    tell_story(archive)
    whole, light = archive.candidates(NAME), archive.candidates(NAME, extent=MEASURES)
    assert [one.id for one in light] == [one.id for one in whole]
    for one, full in zip(light, whole, strict=True):
        assert (one.candidate.objective, one.candidate.evaluation.measures) == (
            full.candidate.objective,
            full.candidate.evaluation.measures,
        )
        assert (one.candidate.code, one.candidate.evaluation.results, one.asked) == ("", (), None)


def test_some_candidates_come_in_the_order_given(archive: Archive) -> None:
    """A duplicate comes with the instances of its original."""
    tell_story(archive)
    some = archive.candidates(NAME, [4, 3], extent=COURSE)
    assert [record.candidate.id for record in some] == [4, 3]
    costs = [[result.cost for result in record.candidate.evaluation.results] for record in archive.candidates(NAME, [4, 3])]
    assert [[result.cost for result in record.candidate.evaluation.results] for record in some] == costs


def test_results_that_say_the_same_share_their_words(archive: Archive) -> None:
    """A long run has millions of them."""
    tell_story(archive)
    results = [result for record in archive.candidates(NAME) for result in record.candidate.evaluation.results]
    assert len({id(result.family) for result in results}) == len({result.family for result in results})
    noted = [result.notes for result in results if result.notes]
    assert len({id(notes) for notes in noted}) == len({tuple(notes.items()) for notes in noted})
