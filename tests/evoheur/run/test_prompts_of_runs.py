"""What the prompts of whole runs say, and that going on says the same."""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from evoheur import discover, open_archive, resume
from evoheur.archive.records import Asked
from evoheur.candidate import Candidate
from evoheur.request import Completion, Failure, Outcome, Request, Usage
from evoheur.strategies.editing import EDITS
from tests.evoheur.cli.conftest import tiny_settings
from tests.evoheur.run.test_pipeline import CODE, FakeExecutor, bred, ok, pipeline, step_at, unheard


def settings(problem: str, evaluations: int, **changes: Any) -> dict[str, Any]:
    """A run of a generator that repeats itself."""
    mutator = {"generator": {"kind": "mutator"}, "budget": {"evaluations": evaluations}, "tell_order": "asked", "in_flight": 2}
    return {**tiny_settings(problem), **mutator, **changes}


def prompts(archive: Path, name: str) -> list[str]:
    """The prompts of a run, in the order of asking."""
    with open_archive(archive) as opened:
        log = opened.log(opened.run(name).id)
    return [entry.messages[0].content for entry in log if isinstance(entry, Asked) and entry.messages]


def test_a_run_that_is_resumed_says_what_it_would_have_said(scheduling: str, tmp_path: Path) -> None:
    """To the letter: scores, the best so far and failures are a function of the log."""
    archive = tmp_path / "runs.db"
    discover(settings(scheduling, 24), archive=archive, name="straight")
    discover(settings(scheduling, 9), archive=archive, name="parted")
    resume("parted", {"budget.evaluations": 24}, archive=archive)
    straight, parted = prompts(archive, "straight"), prompts(archive, "parted")
    assert parted == straight
    assert all("the problem's own heuristic: " in text and "10 seconds of processor time" in text for text in straight)


def test_prompts_tell_the_best_so_far_and_what_failed(scheduling: str, tmp_path: Path) -> None:
    """Of the scripted replies the first is the best, and from the second that raises on, failures come again."""
    archive = tmp_path / "runs.db"
    discover({**tiny_settings(scheduling), "budget": {"evaluations": 14}}, archive=archive, name="scripted")
    texts = prompts(archive, "scripted")
    told = [number for number, text in enumerate(texts, 1) if "What went wrong lately" in text]
    assert told
    assert told == list(range(told[0], len(texts) + 1))
    assert "guard divisions" in texts[-1]
    assert "What went wrong lately" not in texts[0]


def test_what_is_switched_off_is_not_told(scheduling: str, tmp_path: Path) -> None:
    archive = tmp_path / "runs.db"
    discover({**tiny_settings(scheduling), "prompt_facts": False}, archive=archive, name="silent")
    for text in prompts(archive, "silent"):
        assert "own heuristic: " not in text
        assert "processor time" not in text
        assert "What went wrong" not in text


def test_changes_are_asked_for_where_the_heuristic_is_long(scheduling: str, tmp_path: Path) -> None:
    """Whole code is taken all the same, which is all that an offline generator writes; the search goes the same way."""
    archive = tmp_path / "runs.db"
    strategy = {"strategy": {"kind": "eoh", "population_size": 3, "parents": 2, "operators": {"m1": 1, "e2": 1}}}
    discover(settings(scheduling, 16, **strategy), archive=archive, name="whole")
    discover(settings(scheduling, 16, **strategy, edits={"from_lines": 1}), archive=archive, name="edited")
    resume("edited", {"budget.evaluations": 18}, archive=archive)
    texts = prompts(archive, "edited")
    asked = [("<<<<<<< SEARCH" in text, "Change how the known heuristic is built" in text) for text in texts]
    assert (True, True) in asked
    assert all(blocks is change for blocks, change in asked)
    with open_archive(archive) as opened:
        whole, edited = ([each.candidate.code for each in opened.candidates(name)] for name in ("whole", "edited"))
    assert edited[: len(whole)] == whole


@pytest.mark.parametrize(("line", "works"), [("    return -(bins - item) + 0", True), ("    return 7", False)])
def test_blocks_change_the_parent(line: str, works: bool) -> None:
    """What is searched for must be in its code."""
    made = pipeline(FakeExecutor(defaultdict(lambda: 3.0), {}), online=False)
    parent = bred(ok(4.0), CODE.format(0))
    old = CODE.format(0).rstrip("\n").rpartition("\n")[2]
    reply = f"# {{Turn it round.}}\n<<<<<<< SEARCH\n{old if works else line}\n=======\n    return bins * 1.0\n>>>>>>> REPLACE"
    request = Request(operator="m1", parents=(parent,), context={"baseline": "header", EDITS: "blocks"})
    step = step_at(1, request, Completion(text=reply, model="fake", usage=Usage()))

    async def answered() -> Outcome:
        return await made.answer(step, unheard)

    outcome = asyncio.run(answered())
    if works:
        assert isinstance(outcome, Candidate)
        assert "return bins * 1.0" in outcome.code
        assert outcome.thought == "Turn it round."
    else:
        assert isinstance(outcome, Failure)
        assert outcome.reason == "no-match"


def test_offline_a_crossing_that_a_prompt_shows_becomes_the_candidate(scheduling: str, tmp_path: Path) -> None:
    """To the letter, and a run that is resumed shows the same ones."""
    archive = tmp_path / "runs.db"
    strategy = {"kind": "eoh", "population_size": 4, "operators": {"splice": 1}}
    discover(settings(scheduling, 24, strategy=strategy), archive=archive, name="straight")
    discover(settings(scheduling, 13, strategy=strategy), archive=archive, name="parted")
    resume("parted", {"budget.evaluations": 24}, archive=archive)
    assert prompts(archive, "parted") == prompts(archive, "straight")
    with open_archive(archive) as opened:
        bred = [each.candidate for each in opened.candidates("straight") if each.candidate.operator == "splice"]
        asked = [opened.candidate("straight", each.id).asked for each in bred]
    texts = [each.messages[0].content for each in asked if each is not None]
    crossed = [(each.code.strip(), text) for each, text in zip(bred, texts, strict=True) if "has put parts of" in text]
    assert len(crossed) > 5
    assert all(f"\n{code}\n```" in text for code, text in crossed)
