"""A log from elsewhere keeps its numbers and places."""

from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, RunRecord, Told
from evoheur.errors import ArchiveError
from evoheur.request import Completion, Failure, Message, Note, RequestKind, Usage


def asked(number: int, sequence: int, kind: RequestKind = RequestKind.MODEL) -> Asked:
    model = kind.asks_model
    return Asked(
        id=number,
        number=number,
        sequence=sequence,
        operator="e1",
        kind=kind,
        fingerprint=f"{number:016x}",
        messages=(Message(role="user", content=f"Prompt {number}."),) if model else (),
        completion=Completion(text=f"Reply {number}.", model="m", usage=Usage(prompt_tokens=1)) if model else None,
    )


def failed(of: Asked, sequence: int) -> Told:
    return Told(asked=of, sequence=sequence, outcome=Failure(stage="parsing", reason="imported", detail="elsewhere"))


def created(archive: Archive) -> RunRecord:
    return archive.create_run(name="r", config={}, seed=1, problem="p", problem_hash="", prompts_hash="", evoheur_version="0")


def test_it_is_read_back_as_it_was(tmp_path: Path) -> None:
    """Asks of every kind, tells in another order, and one request that was never told."""
    first, second, third = asked(1, 1), asked(2, 2, RequestKind.TUNING), asked(4, 5)
    log: list[Asked | Told] = [first, second, failed(second, 3), failed(first, 4), third]
    with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as archive:
        run = created(archive)
        archive.import_log(run.id, log, reason="enough")
        found = archive.log(run.id)
        stored = archive.run("r")
    assert (stored.status, stored.reason) == ("finished", "enough")

    def told_apart(entry: Asked | Told) -> tuple[object, ...]:
        one = entry if isinstance(entry, Asked) else entry.asked
        known = (one.number, one.sequence, one.operator, one.kind, one.fingerprint, one.messages, one.completion)
        return (*known, entry.sequence, entry.outcome) if isinstance(entry, Told) else known

    assert list(map(told_apart, found)) == list(map(told_apart, log))


def test_what_was_evaluated_elsewhere_is_no_outcome_here(tmp_path: Path) -> None:
    """Nothing of such a log is stored."""
    first = asked(1, 1)
    with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as archive:
        run = created(archive)
        with pytest.raises(TypeError, match="request 1 is no failure"):
            archive.import_log(run.id, [first, Told(asked=first, sequence=2, outcome=Note(text=""))], reason="")
        assert archive.log(run.id) == []


def test_a_place_is_taken_once(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as archive:
        run = created(archive)
        with pytest.raises(ArchiveError):
            archive.import_log(run.id, [asked(1, 1), asked(2, 1)], reason="")
