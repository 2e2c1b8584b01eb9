"""A made-up run and a real one to draw, and an archive of arms."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.candidate import Evaluation, Status, TextbookGap
from evoheur.request import Completion, Failure, Outcome, Request, Usage
from tests.evoheur.archive.support.made_up import MESSAGES, candidate, evaluation, failed, new_run, result, step

HOSTILE = "<script>alert('$\\frac{1}$')</script>\x1b[31m&amp;\u202e日本"
"""Markup, a formula, a control sequence, a bidi mark, and signs that the font does not have."""
CODE = "y = '</pre><script>alert(1)</script>'  # \x1b[31m\n"
NAMED = "hostile-1"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive in the working folder of the test."""
    with Archive.open(f"sqlite:///{tmp_path}/made-up.db", create=True) as opened:
        yield opened


@pytest.fixture
def hostile(archive: Archive) -> Archive:
    """A run whose every word is hostile: operators, families, instances, thoughts, code, details, models, rules.

    Candidates 1 and 3 become the best, 2 fails, one reply is prose; 3 is scored on validation and on fresh instances.
    """
    run = new_run(archive, NAMED, problem=HOSTILE)
    archive.record_baseline(run.id, candidate(0, _worth(4.0)))
    reply = Completion(text=HOSTILE, model=HOSTILE, usage=Usage(prompt_tokens=100, completion_tokens=20), cost_usd=0.25)
    outcomes: list[Outcome] = [
        replace(candidate(1, _worth(3.0), parents=(0,)), operator=HOSTILE),
        replace(candidate(2, failed(Status.ERROR, HOSTILE), parents=(1,)), operator=HOSTILE),
        replace(candidate(3, _worth(2.0), parents=(1,)), operator=HOSTILE, thought=HOSTILE, code=CODE),
        Failure(stage="parsing", reason=HOSTILE, detail=HOSTILE),
    ]
    for number, outcome in enumerate(outcomes):
        asked = archive.record_ask(run.id, Request(operator=HOSTILE, tag=str(number)), MESSAGES)
        archive.record_tell(archive.record_completion(asked, reply), outcome)
    for number, objective in ((0, 4.5), (3, 2.5)):
        for split in ("validation", "audit"):
            archive.record_evaluation(run.id, number, _worth(objective, split))
    archive.record_textbook_gaps(run.id, "train", {HOSTILE: TextbookGap(rule=HOSTILE, gap=3.5)})
    archive.record_textbook_gaps(run.id, "validation", {HOSTILE: TextbookGap(rule=HOSTILE, gap=3.5)})
    archive.begin_session(run.id)
    archive.finish(run.id, "finished", HOSTILE)
    return archive


def _worth(objective: float, split: str = "train") -> Evaluation:
    """An evaluation on three instances, on each of which the gap is the objective."""
    cost = 50.0 * (1.0 + objective / 100.0)
    results = tuple(result(cost, instance=f"{HOSTILE}{place}", family=HOSTILE) for place in range(3))
    return evaluation(objective, split=split, results=results)


@pytest.fixture
def arms(archive: Archive) -> Archive:
    """Two arms with three seeds each, "eoh-1" … "random-3", of four candidates."""
    for strategy, gain in (("eoh", 0.5), ("random", 0.25)):
        for seed in (1, 2, 3):
            run = new_run(archive, f"{strategy}-{seed}", config={"strategy": {"kind": strategy}, "seed": seed}, seed=seed)
            archive.record_baseline(run.id, candidate(0))
            for number in range(1, 5):
                step(archive, run, candidate(number, 4.0 - gain * number - seed / 10), tag=str(number))
    return archive
