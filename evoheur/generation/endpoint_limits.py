"""Settings of how much an endpoint is asked, and of what is done while nothing gets through to it."""

import math
from collections.abc import Awaitable, Callable

from pydantic import PositiveFloat, PositiveInt

from evoheur.generation.call_gate import CallGate, GateNews
from evoheur.generation.circuit_breaker import CircuitBreaker
from evoheur.generation.generator import GeneratorConfig, GeneratorContext
from evoheur.generation.rate_window import RateWindow

__all__ = ["EndpointLimits"]

_FIRST_SECONDS = (
    600.0  # a server that is being started loads its model for minutes; who mistyped an address should not wait for an hour
)


class EndpointLimits(GeneratorConfig):
    """How much an endpoint is asked, and for how long an outage is waited out."""

    requests_per_minute: PositiveInt | None = None
    """Most calls that begin within any minute; None for no limit of ours. What the server's x-ratelimit headers say is heeded anyway."""
    tokens_per_minute: PositiveInt | None = None
    """Most tokens within any minute, prompts and replies; estimated before a call, and corrected after it. None for no limit of ours."""
    outage_minutes: PositiveFloat | None = 60.0
    """How long an outage is waited out, in minutes, before the run stops, to be resumed; None for as long as it takes. Nothing is spent
    meanwhile. Where nothing listens at an address that never answered, ten at the most."""
    longest_pause_seconds: PositiveFloat = 300.0
    """Longest wait between two tries of an endpoint that nothing gets through to, in seconds; the first ones come after 1, 2, 4, …"""

    def gate(
        self,
        endpoint: str,
        context: GeneratorContext,
        *,
        longest_wait: float,
        sleep: Callable[[float], Awaitable[None]],
        clock: Callable[[], float],
    ) -> CallGate:
        """Make the gate that all calls to the endpoint pass.

        Args:
            endpoint: The model and where it is, for people.
            context: Who is told of waits, and whether others answer meanwhile.
            longest_wait: Longest wait between two calls while it is up, in seconds.
            sleep: Waits, given seconds.
            clock: Seconds from any fixed point, never going back.
        """
        limits = {"requests": self.requests_per_minute, "tokens": self.tokens_per_minute}
        outage_seconds = math.inf if self.outage_minutes is None else 60.0 * self.outage_minutes

        def answered_before() -> bool:
            return len(context.answered) > 0

        return CallGate(
            endpoint=endpoint,
            breaker=CircuitBreaker(
                clock,
                longest_wait=longest_wait,
                longest_pause=self.longest_pause_seconds,
                outage_seconds=outage_seconds,
                first_seconds=math.inf if self.outage_minutes is None else _FIRST_SECONDS,
                answered_before=answered_before,
            ),
            windows={name: RateWindow(limit, clock) for name, limit in limits.items() if limit is not None},
            sleep=sleep,
            clock=clock,
            news=GateNews(
                throttled=context.throttled, outage=context.outage, halved=context.halved, others_answer=context.others_answer
            ),
            worked_before=answered_before,
        )
