"""Verdicts counted by family and kind.

Stopped, known to be open, not promised, and holes.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from evoheur.testing.red_team.attack import Verdict

__all__ = ["VerdictTally", "tally"]


@dataclass(slots=True, kw_only=True)
class VerdictTally:
    """The verdicts on one family of attacks.

    Attributes:
        family: Its name.
        stopped: How many attacks gained nothing.
        admitted: Those that a level is known not to stop, with the reason in `open_because`.
        unpromised: Those that gained something which this level does not promise to keep.
        holes: Those that should have been stopped.
    """

    family: str
    stopped: int = 0
    admitted: list[Verdict] = field(default_factory=list)
    unpromised: list[Verdict] = field(default_factory=list)
    holes: list[Verdict] = field(default_factory=list)

    @property
    def attacks(self) -> int:
        """How many there were."""
        return self.stopped + len(self.admitted) + len(self.unpromised) + len(self.holes)

    def count(self, verdict: Verdict, *, promised: bool) -> None:
        """Add one verdict of this family."""
        if verdict.blocked:
            self.stopped += 1
        elif verdict.open_because:
            self.admitted.append(verdict)
        else:
            (self.holes if promised else self.unpromised).append(verdict)


def tally(verdicts: Iterable[Verdict], *, promised: Collection[str]) -> list[VerdictTally]:
    """Count verdicts.

    Args:
        verdicts: In any order.
        promised: The families that the level promises to stop.

    Returns:
        One tally per family, in the order of their first verdicts.
    """
    found: dict[str, VerdictTally] = {}
    for verdict in verdicts:
        family = found.setdefault(verdict.family, VerdictTally(family=verdict.family))
        family.count(verdict, promised=verdict.family in promised)
    return list(found.values())
