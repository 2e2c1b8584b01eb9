"""Our own faults and the user's; a candidate's faults are statuses, never exceptions.

Every message says what happened, with which value, and what to do next.
"""

from collections.abc import Sequence

__all__ = [
    "ArchiveError",
    "ConfigError",
    "ConfigMistakes",
    "EvoheurError",
    "ExecutorError",
    "GenerationError",
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
    """The user asked for something that is wrong; nothing was spent or written."""

    exit_code = 2


class InstanceWarning(UserWarning):
    """An instance file is read, but probably says something else than its author means; the command line shows it once."""


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
    """The database cannot be used as it is: unreachable, of another schema, or it lacks what was asked for."""

    exit_code = 2


class GenerationError(EvoheurError):
    """One call to a generator failed for good, retries included; the run goes on.

    Attributes:
        reason: A word to count failures by: "rate-limited", "server-error", "connection", "timeout", "bad-reply", …
        attempts: How many calls were made before giving up, each of which may have been paid for.
    """

    def __init__(self, message: str, *, reason: str, attempts: int = 1) -> None:
        super().__init__(message)
        self.reason = reason
        self.attempts = attempts


class GeneratorRefused(EvoheurError):
    """No later call can succeed either (HTTP 401, unknown model): the run stops at once and stays resumable."""


class ExecutorError(EvoheurError):
    """Evaluation itself is broken (the guest cannot start, the problem's own code fails); not a candidate's fault."""


class ReplayDiverged(EvoheurError):
    """The stored log is not what the strategy does today: its code, its configuration or its seed changed."""


class StrategyStuck(EvoheurError):
    """A strategy asked for nothing while nothing was in flight: a fault of the strategy."""
