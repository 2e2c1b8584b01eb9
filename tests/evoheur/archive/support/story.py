"""A small run with one of everything, the same whenever it is told: for committed databases of every schema.

Remake the one of the present schema with `python -m tests.evoheur.archive.support.story tests/data/archives/0012.db`.
"""

import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, NewEvent, Told
from evoheur.candidate import Candidate, Status, TextbookGap
from evoheur.request import Completion, Failure, Note, Request, RequestKind, Rescored, Usage
from tests.evoheur.archive.support.made_up import MESSAGES, REPLY, candidate, evaluation, failed, new_run, result, step

__all__ = ["AUDITED", "NAME", "NOTE", "OUTAGE", "SOLUTIONS", "TAGS", "TEXTBOOK", "VALIDATION", "remake", "tell_story"]

NAME = "story-1"
AUDITED = evaluation(3.125, split="audit", results=(result(51.75),))
VALIDATION = evaluation(3.25, split="validation", results=(result(51.625, notes={"path": "levels"}),))
NOTE = "Naïve, but quick.\nTry it with larger bins."
TAGS = ("paper", "größer")
OUTAGE = NewEvent(kind="outage", text="m is down, naïvely", details={"endpoint": "m", "next_at": 120.5})
SOLUTIONS = {"a": {"bins": [[7, 3], [10]], "capacity": 10.5}, "b": None}

TEXTBOOK = {"small": TextbookGap(rule="best_fit", gap=4.5), "large": TextbookGap(rule="sum_of_squares", gap=0.0)}


def tell_story(archive: Archive, *, schema: str = "0012") -> list[Asked | Told]:
    """Write the run.

    Args:
        archive: Where to.
        schema: The newest schema whose words may occur.

    Returns:
        Its log: two successes, a failed candidate, a duplicate, a note, failures of both stages, and two unfinished requests.
    """
    run = new_run(archive, NAME)
    archive.record_baseline(run.id, candidate(0))
    archive.begin_session(run.id)
    without_gap = (result(51.5, detail="naïve", notes={"path": "levels"}), result(0.0, reference=None))
    worth = evaluation(3.0, objective_kind="mean_cost", results=without_gap)
    outcomes: list[Candidate | Note | Failure] = [
        candidate(1, worth, parents=(0, 0)),
        candidate(2, failed(Status.TIMEOUT, "20 s")),
        candidate(3, worth, parents=(1, 2), duplicate_of=1),
        Note(text="Tight bins \ud83d first."),  # half a character, as a cut reply has it
        Failure(stage="parsing", reason="no-code", detail="the reply has no code block"),
        candidate(4, 2.5, parents=(1,)),
    ]
    log: list[Asked | Told] = []
    for outcome in outcomes:
        told = step(archive, run, outcome, tag=f"step {len(log)}")
        log += [told.asked, told]
    if schema >= "0002":
        pruned = candidate(5, failed(Status.PRUNED, "4.2 or more; 3.0 is needed"), parents=(1,))
        tuned = replace(candidate(6, 2.25, parents=(4,)), operator="tune")
        log += _entries(step(archive, run, pruned, tag="pruned"))
        asked = archive.record_ask(run.id, Request(operator="tune", kind=RequestKind.TUNING_BESIDE, parents=(candidate(4),)), ())
        reply = Completion(text="{Tunes one constant.}", model="cma-es", attempts=0, evaluations=40)
        log += _entries(archive.record_tell(archive.record_completion(asked, reply, paid=False), tuned))
    if schema >= "0004":
        mixing = candidate(7, failed(Status.SCALE_DEPENDENT, "small with lengths × 1024 is solved another way"), parents=(4,))
        log += _entries(step(archive, run, mixing, tag="mixing"))
    if schema >= "0005":
        ratio = evaluation(0.75, objective_kind="textbook_ratio", aggregate="ratio_of_sums")
        log += _entries(step(archive, run, candidate(8, ratio, parents=(4,)), tag="relative"))
        archive.record_textbook_gaps(run.id, "train", TEXTBOOK)
    if schema >= "0006":
        again = candidate(4, evaluation(2.75, epoch=1), parents=(1,))
        asked = archive.record_ask(run.id, Request.rescoring(candidate(4), epoch=1), ())
        log += _entries(archive.record_tell(asked, Rescored(candidate=again)))
        asked = archive.record_ask(run.id, Request(operator="e1", parents=(again,), epoch=1), MESSAGES)
        log += _entries(archive.record_tell(asked, candidate(9, evaluation(2.625, epoch=1), parents=(4,))))
    if schema >= "0008":
        known = candidate(10, 2.875, parents=())
        begun = Request.warm_start(known.code, source="textbook:best_fit", thought=known.thought, place=0)
        log += _entries(archive.record_tell(archive.record_ask(run.id, begun, ()), known))
        archive.record_evaluation(run.id, 4, AUDITED)
    silent = step(archive, run, Failure(stage="generation", reason="timeout", detail="60 s", attempts=3), reply=None)
    priced = Completion(text="", model="m", usage=Usage(estimated=True), finish="length", seconds=1.5, attempts=2, cost_usd=0.25)
    if schema >= "0010":
        parts = Usage(prompt_tokens=90, completion_tokens=70, cached_tokens=60, reasoning_tokens=50)
        priced = replace(priced, usage=parts, price_source="configuration")
    answered = archive.record_completion(archive.record_ask(run.id, Request(operator="m1"), MESSAGES), priced)
    open_ended = archive.record_ask(run.id, Request(operator="reflect", produces="note"), MESSAGES)
    archive.record_evaluation(run.id, 4, VALIDATION)
    if schema >= "0011":
        archive.tag_run(NAME, add=TAGS)
        archive.write_note(NAME, NOTE)
        archive.keep_solutions(run.id, 4, "validation", SOLUTIONS)
    if schema >= "0012":
        down = archive.record_event(run.id, NewEvent(kind="outage", text="m is down", details={"endpoint": "m", "next_at": 60.5}))
        archive.record_event(run.id, OUTAGE, instead_of=down)
    archive.finish(run.id, "interrupted", "interrupted by the user")
    assert REPLY in (entry.completion for entry in log if isinstance(entry, Asked))
    return [*log, silent.asked, silent, answered, open_ended]


def _entries(told: Told) -> list[Asked | Told]:
    return [told.asked, told]


def remake(path: Path) -> None:
    """Write the story to a file, in small pages, because most tables are nearly empty."""
    path.unlink(missing_ok=True)
    at_noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    with Archive.open(f"sqlite:///{path}", create=True, now=lambda: at_noon, monotonic=lambda: 0.0) as archive:
        tell_story(archive)
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM; PRAGMA journal_mode = WAL")
    connection.close()


if __name__ == "__main__":
    remake(Path(sys.argv[1]))
