"""Finding runs, candidates and replies again."""

from dataclasses import replace

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.candidate import Status
from evoheur.errors import ArchiveError
from evoheur.request import Failure, Request
from tests.evoheur.archive.support.made_up import MESSAGES, REPLY, candidate, evaluation, failed, new_run, step


def test_fresh_names_count_on_from_the_highest(archive: Archive) -> None:
    assert archive.fresh_name("quickstart") == "quickstart-1"
    for name in ("quickstart-1", "quickstart-9", "quickstart-x", "quickstart-2-1", "quickstarter-50", "quick%-3"):
        new_run(archive, name)
    assert archive.fresh_name("quickstart") == "quickstart-10"
    assert archive.fresh_name("quick%") == "quick%-4"
    assert archive.fresh_name("quickstart-2") == "quickstart-2-2"


def test_runs_come_oldest_first(archive: Archive) -> None:
    for name in ("b", "a", "c"):
        new_run(archive, name)
    assert [run.name for run in archive.runs()] == ["b", "a", "c"]


def test_an_unknown_run_is_answered_with_the_nearest_and_the_known(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="no run 'x': the archive holds none yet; start one, or name another --archive"):
        archive.run("x")
    for number in range(1, 13):
        new_run(archive, f"quickstart-{number}")
    with pytest.raises(ArchiveError) as caught:
        archive.failures("quikstart-12")
    assert "no run 'quikstart-12' (did you mean 'quickstart-12'?)" in str(caught.value)
    assert "holds quickstart-12, quickstart-11," in str(caught.value)
    assert str(caught.value).endswith("quickstart-3 and 2 older ones.")


def test_an_unknown_candidate_is_answered_with_the_range(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1))
    with pytest.raises(
        ArchiveError, match=r"no candidate quickstart-1/2; the run has .*quickstart-1/0 \(the baseline\) to quickstart-1/1"
    ):
        archive.candidate(run.name, 2)
    new_run(archive, "new")
    with pytest.raises(ArchiveError, match="no candidate new/0; the run has no candidates yet"):
        archive.candidate("new", 0)


def test_a_candidate_comes_with_prompt_reply_and_evaluations(archive: Archive, run: RunRecord) -> None:
    step(archive, run, Failure(stage="parsing", reason="no-code", detail=""))
    told = step(archive, run, candidate(1, 3.0, parents=(0,)))
    archive.record_evaluation(run.id, 1, evaluation(3.5, split="validation"))
    found = archive.candidate(run.name, 1)
    assert found.id == "quickstart-1/1"
    assert found.candidate == candidate(1, 3.0, parents=(0,))
    assert found.asked == told.asked
    assert found.asked is not None
    assert found.asked.completion == REPLY
    assert found.evaluations == {"train": evaluation(3.0), "validation": evaluation(3.5, split="validation")}
    assert archive.candidate(run.name, 0).asked is None


def test_candidates_come_by_number_and_are_the_same_one_by_one(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1, 3.0, parents=(0, 0)))
    step(archive, run, candidate(2, 3.0, duplicate_of=1, parents=(1,)))
    step(archive, run, candidate(3, failed()))
    step(archive, run, candidate(4, failed(), duplicate_of=3))
    archive.record_evaluation(run.id, 2, evaluation(3.5, split="validation"))
    records = archive.candidates(run.name)
    assert [record.candidate.id for record in records] == [0, 1, 2, 3, 4]
    assert records == [archive.candidate(run.name, number) for number in range(5)]
    assert records[2].evaluations == records[1].evaluations
    assert records[4].candidate.evaluation == failed()


def test_best_are_sorted_without_failures_duplicates_and_the_baseline(archive: Archive, run: RunRecord) -> None:
    """The baseline has 4; 2 and 5 tie at 3 by other costs, the older first; 4 repeats 2 in code, 6 in all its costs."""
    for told in (candidate(1, 6.0), candidate(2, 3.0), candidate(3, failed(Status.TIMEOUT))):
        step(archive, run, told)
    step(archive, run, candidate(4, 3.0, duplicate_of=2))
    same = evaluation(3.0)
    dearer = tuple(replace(result, cost=result.cost + 1) for result in same.results if result.cost is not None)
    step(archive, run, candidate(5, replace(same, results=dearer)))
    step(archive, run, candidate(6, 3.0))
    archive.record_evaluation(run.id, 1, evaluation(-1.0, split="test"))
    assert [record.candidate.id for record in archive.best(run.name, 10)] == [2, 5, 1]
    assert archive.best(run.name, 1) == [archive.candidate(run.name, 2)]
    assert archive.best(run.name, 0) == []


def test_replies_are_the_answered_prompts_in_the_order_of_asking(archive: Archive, run: RunRecord) -> None:
    """The third was answered first, the second not at all."""
    asked = [archive.record_ask(run.id, Request(operator=f"e{number}"), MESSAGES[:number]) for number in range(3)]
    archive.record_completion(asked[2], replace(REPLY, text="third"))
    archive.record_completion(asked[0], replace(REPLY, text="first"))
    assert archive.replies(run.name) == [
        ((), replace(REPLY, text="first")),
        (MESSAGES, replace(REPLY, text="third")),
    ]
