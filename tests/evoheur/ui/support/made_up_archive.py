"""Archives with many runs, made up without evaluating anything."""

from dataclasses import replace
from pathlib import Path

from evoheur.archive.archive import Archive
from evoheur.archive.records import NewEvent
from evoheur.request import Completion, Failure, Request, Usage
from tests.evoheur.archive.support.made_up import MESSAGES, candidate, evaluation, failed, new_run, step

__all__ = ["HOSTILE", "hostile_archive", "many_runs"]

HOSTILE = '"><script>alert("in")</script><img src=x onerror=alert(2)>\x1b[31m{{7*7}}</td>&lt;b>'
"""Text that would be a script, an image, a colour, a template or the end of a cell, if anybody took it for one."""


def many_runs(path: Path, count: int) -> Path:
    """An archive with runs "run-1", "run-2" …, of which each later one is better and spends more."""
    with Archive.open(f"sqlite:///{path}", create=True) as archive:
        for number in range(1, count + 1):
            run = new_run(archive, f"run-{number}", problem=f"problem-{number % 3}")
            archive.begin_session(run.id)
            archive.record_baseline(run.id, candidate(0, 9.0))
            for later in range(number):
                step(archive, run, candidate(later + 1, 8.0 - later / count))
            archive.finish(run.id, "finished" if number % 2 else "failed", "made up")
    return path


def hostile_archive(path: Path) -> Path:
    """An archive whose every text is hostile: name of the run, problem, note, tag, operators, thoughts, code, models and failures."""
    reply = Completion(text=HOSTILE, model=HOSTILE, usage=Usage(prompt_tokens=1, completion_tokens=1), cost_usd=0.01)
    with Archive.open(f"sqlite:///{path}", create=True) as archive:
        run = new_run(
            archive,
            '"><script>alert(1)',
            problem=HOSTILE,
            config={"strategy": {"kind": HOSTILE}, "generator": {"kind": HOSTILE}},
            evoheur_version=HOSTILE,
        )
        archive.begin_session(run.id)
        archive.record_baseline(run.id, candidate(0, 9.0))
        archive.write_note(run.name, HOSTILE)
        archive.tag_run(run.name, add=["<script>alert(3)</script>"])
        for number, each in enumerate((evaluation(5.0), failed(detail=HOSTILE), evaluation(4.0)), 1):
            asked = archive.record_ask(run.id, Request(operator=HOSTILE), MESSAGES)
            asked = archive.record_completion(asked, reply)
            archive.record_tell(asked, replace(candidate(number, each), operator=HOSTILE, thought=HOSTILE, code=HOSTILE))
        asked = archive.record_ask(run.id, Request(operator=HOSTILE), MESSAGES)
        archive.record_tell(asked, Failure(stage="generation", reason=HOSTILE, detail=HOSTILE))
        archive.record_event(run.id, NewEvent(kind="outage", text=HOSTILE, details={"endpoint": HOSTILE}))
        archive.finish(run.id, "failed", HOSTILE)
    return path
