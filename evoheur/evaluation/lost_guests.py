"""Sessions that tell a lost guest from a candidate's failure.

What a slow machine does must not be booked as the candidate's doing.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from evoheur.problem import Json
from evoheur.sandbox.interface import Report, Session

__all__ = ["GuestLost", "Heeded", "heed"]


class GuestLost(Exception):
    """The loss of a guest while its candidate was evaluated.

    For whatever reason; never leaves the evaluator.
    """


class Heeded:
    """A session that is broken off when its guest is lost.

    Args:
        session: Asks; closed with this.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, question: Json) -> Report:
        """See `evoheur.sandbox.interface.Session.ask`.

        Raises:
            GuestLost: The guest is.
        """
        return heed(self._session.ask(question))

    def play(self, question: Json, arrivals: Sequence[Json], *, seconds: float) -> Report:
        """See `evoheur.sandbox.interface.Session.play`.

        Raises:
            GuestLost: The guest is.
        """
        return heed(self._session.play(question, arrivals, seconds=seconds))

    def close(self) -> None:
        """See `evoheur.sandbox.interface.Session.close`."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def heed(report: Report) -> Report:
    """The report, unless it tells that the guest is lost.

    Raises:
        GuestLost: It does.
    """
    if report.lost:
        raise GuestLost(report.detail)
    return report
