"""The account of the calls for one request, those that brought no reply among them."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from evoheur.errors import GenerationError
from evoheur.generation.generator import CallsLost
from evoheur.generation.received_answer import CallLimits
from evoheur.request import Completion

__all__ = ["CallAccount"]

_LONGER = 4  # times the silence that a call is allowed after one was cut off for it: a third one would not be paid for
_MOST_CUTS = 2


@dataclass(kw_only=True)
class CallAccount:
    """What the calls for one request have cost so far.

    Attributes:
        lost: Completions that stand for calls without a reply, whose tokens were spent all the same.
        cuts: How many calls our own clock has cut off.
    """

    lost: list[Completion] = dataclasses.field(default_factory=list)
    cuts: int = 0

    def limits(self, first: CallLimits) -> CallLimits:
        """Limits for the next call: a silence may last longer after one that was cut off.

        Args:
            first: Those of the first call.
        """
        longer = _LONGER ** min(self.cuts, _MOST_CUTS - 1)  # more of them there are in an outage only, which no patience helps
        return dataclasses.replace(first, first=first.first * longer, idle=first.idle * longer)

    @property
    def is_spent(self) -> bool:
        """Whether no further call is to be paid for, because the clock would cut that off as well."""
        return self.cuts >= _MOST_CUTS

    def with_lost(self, reply: Completion) -> Completion:
        """The reply with what the calls before it cost; its price is unknown where one of theirs is."""
        return _sum(reply, self.lost)

    def failure(self, message: str, *, reason: str, attempts: int, seconds: float = 0.0) -> GenerationError:
        """The error of a request without a reply, with what was spent on it.

        Args:
            message: For a person.
            reason: As in `GenerationError`.
            attempts: Calls that were made.
            seconds: What they took.
        """
        if not self.lost:
            return GenerationError(message, reason=reason, attempts=attempts)
        spent = _sum(self.lost[-1], self.lost[:-1])
        return CallsLost(message, reason=reason, completion=dataclasses.replace(spent, attempts=attempts, seconds=seconds))


def _sum(reply: Completion, others: Sequence[Completion]) -> Completion:
    usage, cost = reply.usage, reply.cost_usd
    for other in others:
        usage += other.usage
        cost = None if cost is None or other.cost_usd is None else cost + other.cost_usd
    return dataclasses.replace(reply, usage=usage, cost_usd=cost, price_source=None if cost is None else reply.price_source)
