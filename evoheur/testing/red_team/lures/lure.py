"""The base of lures, and what the host sees.

A lure is what an attack is after; the host sees what of it can be seen from outside.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from evoheur.sandbox.interface import Json, Limits, Report, ReportStatus

__all__ = ["Deadline", "Lure", "Nothing", "Sighting", "Word", "told"]

_SLACK = 2.0  # seconds for what takes milliseconds, on a machine that has better things to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What the host saw of an attack.

    Attributes:
        reports: Of opening the candidate, then of each question; the last one may have failed.
        seconds: Wall time of the longest step.
        limits: What the candidate was allowed.
    """

    reports: Sequence[Report]
    seconds: float
    limits: Limits

    @property
    def last(self) -> Report:
        """The report the attack ended with."""
        return self.reports[-1]

    @property
    def answer(self) -> Json:
        """Its last answer; None if it failed."""
        return self.last.value


class Lure(ABC):
    """Base of all lures.

    A lure is made before the attack in the trusted process, and closed after it.
    """

    def bait(self) -> dict[str, Json]:
        """What the attacker is told.

        That is where the prize is, never what it is.
        """
        return {}

    def environment(self) -> dict[str, str]:
        """Variables for a guest started for this attack."""
        return {}

    @abstractmethod
    def gain(self, outcome: Sighting) -> str:
        """What the attack gained, for a person.

        Empty if nothing. Called when the attacker's session is closed.
        """

    def close(self) -> None:  # noqa: B027 - most lures leave nothing
        """Remove all traces of the lure."""


class Word(Lure):
    """A gain that only the attacker can see.

    Such as a system call that worked: it must answer, not raise.
    """

    def gain(self, outcome: Sighting) -> str:
        """What the attacker answered."""
        if outcome.last.status is not ReportStatus.OK:
            return ""
        return f"it got what it wanted: {outcome.answer!r:.120}"


class Nothing(Lure):
    """No prize: what the next candidate finds decides."""

    def gain(self, outcome: Sighting) -> str:  # noqa: ARG002 - see above
        """Nothing by itself."""
        return ""


class Deadline(Lure):
    """A deadline, for attacks on it.

    The gain is a late answer that counts, or a host that waits.
    """

    def gain(self, outcome: Sighting) -> str:
        """A late answer, or more time than was granted."""
        if outcome.last.status is ReportStatus.OK:
            return f"its late answer was taken: {outcome.answer!r:.60}"
        granted = outcome.limits.wall_seconds
        if outcome.seconds > granted + _SLACK:
            return f"it kept the host waiting for {outcome.seconds:.1f} s instead of {granted:g} s"
        return ""


def told(outcome: Sighting, prizes: dict[str, str]) -> str:
    """The prizes that the attacker told.

    Those (name → text) that are in its answers or last words.
    """
    heard = "\n".join(f"{report.value!r} {report.detail}" for report in outcome.reports)
    found = [name for name, text in prizes.items() if text in heard]
    return f"it told the host's {', '.join(found)}" if found else ""
