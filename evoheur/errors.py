"""Exceptions: our own faults and the user's.

A candidate's faults are statuses, never exceptions. Every message says what happened, with which value, and what to do next.
"""

from collections.abc import Sequence
from typing import Any

__all__ = [
    "ArchiveError",
    "ArchiveLost",
    "ConfigError",
    "ConfigMistakes",
    "EvoheurError",
    "ExecutorError",
    "GenerationError",
    "GeneratorDown",
    "GeneratorRefused",
    "InstanceWarning",
    "ReplayDiverged",
    "StrategyStuck",
]


class EvoheurError(Exception):
    """Root of every error evoheur raises on purpose.

    Attributes:
        exit_code: What the command line exits with: 1 for a run that failed, 2 for a wrong request.
    """

    exit_code = 1


class ConfigError(EvoheurError):
    """A wrong request of the user.

    Nothing was spent or written.
    """

    exit_code = 2


class InstanceWarning(UserWarning):
    """An instance file that probably says something else than intended.

    It is read all the same; the command line shows the warning once.
    """


class ConfigMistakes(ConfigError):
    """Several mistakes in one configuration, found at once.

    Attributes:
        title: Says how many there are, and where.
        mistakes: A line for each, in the order in which they were written.
    """

    def __init__(self, title: str, mistakes: Sequence[str]) -> None:
        super().__init__(f"{title}: {' '.join(mistakes)}")
        self.title = title
        self.mistakes = tuple(mistakes)


class ArchiveError(EvoheurError):
    """A database that cannot be used as it is.

    It is unreachable, of another schema, or lacks what was asked for.
    """

    exit_code = 2


class ArchiveLost(ArchiveError):
    """The connection to an archive broke while it was used; what was stored before is kept."""

    exit_code = 1


class GenerationError(EvoheurError):
    """A call to a generator that failed for good.

    Retries are included; the run goes on.

    Attributes:
        reason: A word to count failures by: "rate-limited", "server-error", "connection", "timeout", "bad-reply", …
        attempts: How many calls were made before giving up, each of which may have been paid for.
    """

    def __init__(self, message: str, *, reason: str, attempts: int = 1) -> None:
        super().__init__(message)
        self.reason = reason
        self.attempts = attempts


class GeneratorRefused(EvoheurError):
    """A refusal after which no later call can succeed.

    Such as HTTP 401 or an unknown model. The run stops at once and stays resumable.
    """


class GeneratorDown(GeneratorRefused):
    """An outage of whatever writes heuristics: nothing gets through to it, for now.

    The requests that got no reply are not spent. Where another generator answers instead, it is asked; else the run stops and stays
    resumable.

    Attributes:
        attempts: How many calls were made for the request since it was last asked.
        is_hopeless: Whether it is not waited for any longer.
        lost: Completions that stand for those of the calls that cost tokens.
    """

    def __init__(self, message: str, *, attempts: int = 0, is_hopeless: bool = True) -> None:
        super().__init__(message)
        self.lost: tuple[Any, ...] = ()
        self.attempts = attempts
        self.is_hopeless = is_hopeless


class ExecutorError(EvoheurError):
    """A failure of evaluation itself, not of a candidate.

    The guest cannot start, or the problem's own code fails.
    """


class ReplayDiverged(EvoheurError):
    """A stored log that the strategy would not repeat today.

    Its code, its configuration or its seed changed.
    """


class StrategyStuck(EvoheurError):
    """A strategy that asked for nothing while nothing was in flight.

    This is a fault of the strategy.
    """
