"""Attacks as data, and verdicts on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evoheur.candidate import Evaluation
from evoheur.problem import Problem
from evoheur.sandbox.interface import Limits
from evoheur.testing.red_team.lures.lure import Lure, Word

__all__ = ["LITTLE_PROCESSOR", "LITTLE_WALL", "USUAL", "Attack", "ScoreAttack", "Verdict"]

USUAL = Limits(load_seconds=15.0, cpu_seconds=15.0, wall_seconds=15.0, memory_mib=128, output_bytes=1 << 16, questions=3)
"""Limits for attacks that are not on limits."""

LITTLE_WALL = Limits(load_seconds=15.0, cpu_seconds=15.0, wall_seconds=0.3, memory_mib=128, output_bytes=1 << 16, questions=2)
"""Half a second that an attack on the deadline wants to outstay."""

LITTLE_PROCESSOR = Limits(load_seconds=0.9, cpu_seconds=0.05, wall_seconds=40.0, memory_mib=128, output_bytes=1 << 16)
"""One second of processor time in all: 0.9 + 0.05, rounded up to whole seconds."""

HONEST = "def answer(q):\n    return 2 * q"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A candidate that wants more than to answer.

    Attributes:
        name: Unique in the table.
        family: The group it is reported with.
        tries: What it tries, as the object of "tries to …".
        source: Defines `answer(bait)`, which returns what it gained, or raises.
        lure: Makes what the attack is after, and sees from outside whether it got it.
        word_counts: Being let is a gain even where the lure shows no trace: the attacker's answer counts.
        limits: What the candidate may use.
        asks: How many questions it is asked.
        fresh: It needs a guest that starts while the lure is out.
        next_candidate: Source of the candidate after it, which must give `next_answer` to 21.
        next_answer: That answer.
        cannot_bite: Words of refusals that mean that this machine or user has nothing to defend here → the reason for a person.
        open_at: Isolation level → why that level is known not to stop it.
    """

    name: str
    family: str
    tries: str
    source: str
    lure: Callable[[], Lure] = Word
    word_counts: bool = False
    limits: Limits = USUAL
    asks: int = 1
    fresh: bool = False
    next_candidate: str = HONEST
    next_answer: Any = 42
    cannot_bite: Mapping[str, str] = field(default_factory=dict)
    open_at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreAttack:
    """A heuristic that wants a better score than its solutions are worth.

    Attributes:
        name: Unique in the table.
        family: The group it is reported with.
        tries: What it tries, as the object of "tries to …".
        source: Python that runs before an honest heuristic is defined; may define `hook(*arguments)`, called before each of its calls.
        gain: (evaluation, the honest one, the trusted problem) → what the attack gained, empty if nothing.
        open_because: Why it is not stopped at this stage; empty if it must be.
        cannot_bite: Words of a control's verdict that mean that there is nothing to defend → the reason for a person.
    """

    name: str
    family: str
    tries: str
    source: str
    gain: Callable[[Evaluation, Evaluation, Problem[Any]], str]
    open_because: str = ""
    cannot_bite: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of one attack.

    Attributes:
        name: The attack's.
        family: The attack's.
        blocked: It gained nothing, harmed no later candidate, left nothing behind and did not outstay its time.
        detail: What it gained, or how it was stopped, for a person.
        open_because: Why it is known not to be stopped at this stage; empty for all others.
    """

    name: str
    family: str
    blocked: bool
    detail: str
    open_because: str = ""
