"""A gate to an endpoint that exists in a test only, in time that passes only where all wait."""

import asyncio
import heapq
import itertools
import math
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from evoheur.generation.api_faults import Fault
from evoheur.generation.call_gate import CallGate, GateNews
from evoheur.generation.circuit_breaker import CircuitBreaker
from evoheur.generation.outage import OutageNews
from evoheur.generation.rate_window import RateWindow
from evoheur.generation.retry import RetryPolicy, Tried
from evoheur.generation.sent_call import SentCall

_T = TypeVar("_T")


@dataclass
class SharedTime:
    """Seconds that pass when everybody waits, to the next moment that anybody waits for."""

    now: float = 0.0
    _waiting: list[tuple[float, int, asyncio.Future[None]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.now + seconds, next(self._numbers), done))
        await done

    def run(self, scenario: Coroutine[Any, Any, _T]) -> _T:
        """Play a scenario to its end."""

        async def play() -> _T:
            task = asyncio.ensure_future(scenario)
            while not task.done():
                for _ in range(50):  # whoever can go on does
                    await asyncio.sleep(0)
                self._waiting = [each for each in self._waiting if not each[2].done()]
                heapq.heapify(self._waiting)
                if self._waiting and not task.done():
                    self.now, _, done = heapq.heappop(self._waiting)
                    done.set_result(None)
            return await task

        return asyncio.run(play())


@dataclass
class Endpoint:
    """An endpoint behind a gate.

    Attributes:
        answer: What a call meets, by the name of its request.
        journal: When each call came, and of which request.
    """

    answer: Callable[[str], Awaitable[str | Fault]]
    time: SharedTime = field(default_factory=SharedTime)
    outage_minutes: float = 60.0
    windows: dict[str, float] = field(default_factory=dict)
    others_answer: bool = False
    worked_before: bool = False
    max_attempts: int = 4
    tokens: float = 10.0
    journal: list[tuple[float, str]] = field(default_factory=list)
    news: list[OutageNews] = field(default_factory=list)
    waits: list[tuple[float, str]] = field(default_factory=list)
    halved: list[tuple[str, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate = CallGate(
            endpoint="m at there",
            breaker=CircuitBreaker(
                self.time.clock, longest_wait=60.0, longest_pause=300.0, outage_seconds=60 * self.outage_minutes
            ),
            windows={name: RateWindow(limit, self.time.clock) for name, limit in self.windows.items()},
            sleep=self.time.sleep,
            clock=self.time.clock,
            news=GateNews(
                throttled=lambda seconds, reason: self.waits.append((seconds, reason)),
                outage=self.news.append,
                halved=lambda *told: self.halved.append(told),
                others_answer=self.others_answer,
            ),
            worked_before=lambda: self.worked_before,
        )
        self.policy = RetryPolicy(
            gate=self.gate, max_attempts=self.max_attempts, max_wait_seconds=math.inf, longest_wait_seconds=60.0
        )

    async def ask(self, name: str) -> Tried[str]:
        """Have one request answered."""

        async def call(_sent: SentCall) -> str | Fault:
            self.journal.append((self.time.now, name))
            return await self.answer(name)

        return await self.policy.run(call, prompt_tokens=self.tokens, tokens=lambda _result: self.tokens)

    async def ask_all(self, *names: str) -> list[Tried[str] | BaseException]:
        """Have several requests answered at the same time."""
        return await asyncio.gather(*map(self.ask, names), return_exceptions=True)

    def calls(self, name: str) -> int:
        """Calls that were made for a request."""
        return sum(each == name for _, each in self.journal)
