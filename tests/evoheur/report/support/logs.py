"""Logs written down by hand."""

from collections.abc import Iterable
from dataclasses import replace

from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate
from evoheur.request import Completion, Outcome, RequestKind, Usage

__all__ = ["TUNED", "answered", "log_of"]

REPLY = Completion(text="…", model="made-up", usage=Usage(prompt_tokens=100, completion_tokens=20))
TUNED = Completion(text="…", model="made-up", attempts=0, evaluations=40)


def answered(
    outcome: Outcome, reply: Completion | None = REPLY, operator: str = "e1", kind: RequestKind = RequestKind.MODEL
) -> Told:
    """One request with what became of it, to be put in its place by `log_of`."""
    asked = Asked(id=0, number=0, sequence=0, operator=operator, fingerprint="f", messages=(), completion=reply, kind=kind)
    named = replace(outcome, operator=operator) if isinstance(outcome, Candidate) else outcome
    return Told(asked=asked, sequence=0, outcome=named)


def log_of(steps: Iterable[Told]) -> list[Asked | Told]:
    """Every request asked, answered and told before the next."""
    log: list[Asked | Told] = []
    for number, step in enumerate(steps, start=1):
        asked = replace(step.asked, id=number, number=number, sequence=2 * number - 1)
        log += [asked, replace(step, asked=asked, sequence=2 * number)]
    return log
