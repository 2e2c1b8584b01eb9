"""`show` on a real archive."""

import pytest

from evoheur.api.candidate_story import unified_diff
from evoheur.archive.archive import Archive
from evoheur.archive.records import CandidateRecord
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal
from tests.evoheur.cli.support.scripted import THOUGHT


@pytest.fixture
def bred(finished: History) -> CandidateRecord:
    """A candidate with parents that succeeded."""
    with Archive.open(finished.url, read_only=True) as archive:
        return next(record for record in archive.candidates("tiny") if record.candidate.parents and record.candidate.objective)


def test_show_tells_code_thought_parents_and_gaps(finished: History) -> None:
    done = evoheur("show", "tiny/1", "--archive", finished.url)
    assert done.code == 0
    assert done.out.startswith("tiny/1  i1\n")
    assert THOUGHT in done.out
    assert "    return -loads" in done.out
    assert all(f"{split}-{number}" in done.out for split in ("train", "validation") for number in range(4))
    assert "isolation level 'jail-" in done.out


def test_a_bare_number_is_of_the_latest_run(finished: History) -> None:
    named = evoheur("show", "tiny/2", "--archive", finished.url)
    assert evoheur("show", "2", "--archive", finished.url) == named
    assert evoheur("show", "2", "--run", "tiny", "--archive", finished.url) == named


def test_prompt_and_reply_are_shown_on_request(finished: History) -> None:
    plain = evoheur("show", "1", "--archive", finished.url)
    asked = evoheur("show", "1", "--prompt", "--reply", "--archive", finished.url)
    assert asked.out.startswith(plain.out)
    added = asked.out.removeprefix(plain.out)
    assert "Prompt of request 1, user:" in added
    assert "choose(length" in added
    assert "Reply of scripted (100 tokens sent, 10 received; ended by 'stop')" in added
    assert "```python" in added


def test_a_failed_candidate_says_why(finished: History) -> None:
    done = evoheur("show", "tiny/3", "--archive", finished.url)
    assert "Status error: train-0:" in done.out
    assert "ZeroDivisionError" in done.out


def test_the_baseline_has_neither_prompt_nor_reply(finished: History) -> None:
    done = evoheur("show", "0", "--prompt", "--reply", "--archive", finished.url)
    assert "Prompt: none" in done.out
    assert "Reply: none" in done.out


def test_diff_compares_with_the_first_parent_or_the_one_named(finished: History, bred: CandidateRecord) -> None:
    first, other = bred.candidate.parents[0], 0
    plain = evoheur("show", bred.id, "--diff", "--archive", finished.url)
    assert f"--- tiny/{first}\n+++ {bred.id}\n@@" in plain.out
    named = evoheur("show", bred.id, "--diff", str(other), "--archive", finished.url)
    assert f"--- tiny/{other}\n+++ {bred.id}\n@@" in named.out


def test_a_candidate_without_parents_is_compared_with_the_baseline(finished: History) -> None:
    assert "--- tiny/0\n+++ tiny/1" in evoheur("show", "1", "--diff", "--archive", finished.url).out


def test_nothing_differs_from_itself(finished: History) -> None:
    with Archive.open(finished.url, read_only=True) as archive:
        record = archive.candidate("tiny", 1)
    assert unified_diff(record, record) == ""


def test_show_json(finished: History, bred: CandidateRecord) -> None:
    shown = evoheur("show", bred.id, "--json", "--archive", finished.url).document
    assert shown["id"] == bred.id
    assert shown["parents"] == [f"tiny/{parent}" for parent in bred.candidate.parents]
    assert shown["lineage"][:2] == [bred.id, shown["parents"][0]]
    assert "prompt" not in shown
    assert [entry["instance"] for entry in shown["evaluations"]["train"]["instances"]] == [f"train-{i}" for i in range(4)]
    full = evoheur("show", bred.id, "--json", "--prompt", "--reply", "--diff", "--archive", finished.url).document
    assert full["prompt"][0]["role"] == "user"
    assert "def choose" in full["reply"]
    assert full["completion"]["model"] == "scripted"
    assert full["diff"].startswith("--- tiny/")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["tiny/99"], ["tiny/99", "tiny/9"]),
        (["best-one"], ["'best-one'", "RUN/NUMBER"]),
        (["tiny/"], ["'tiny/'", "RUN/NUMBER"]),
        (["tny/1"], ["'tny'", "'tiny'"]),
        (["tiny/1", "--run", "other"], ["'tiny/1'", "--run other"]),
        (["tiny/1", "2"], ["'2'", "--diff"]),
    ],
)
def test_a_wrong_reference_is_refused(finished: History, words: list[str], parts: list[str]) -> None:
    message = refusal("show", *words, "--archive", finished.url)
    assert all(part in message for part in parts), message
