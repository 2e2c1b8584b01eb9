"""Evaluation slots that nothing else wants.

Tuning takes them while the model thinks.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

__all__ = ["SpareSlots"]


class SpareSlots:
    """The count of slots in use, for which optional work waits.

    Args:
        slots: Evaluations at the same time, at most.

    Attributes:
        heard: Told of every change, with the number of slots that are wanted.
    """

    def __init__(self, slots: int) -> None:
        self.heard: Callable[[int], None] = lambda _wanted: None
        self._slots = slots
        self._wanted = 0
        self._spare = 0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def claimed(self) -> AsyncIterator[None]:
        """The context of an evaluation that does not wait.

        The executor queues it if there are more of them than slots.
        """
        self._wanted += 1
        self.heard(self._wanted + self._spare)
        try:
            yield
        finally:
            self._wanted -= 1
            await self._tell()

    @asynccontextmanager
    async def idle(self) -> AsyncIterator[None]:
        """The context of an evaluation that waits for idle slots.

        One that has begun is not interrupted.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: self._wanted + self._spare < self._slots)
            self._spare += 1
        self.heard(self._wanted + self._spare)
        try:
            yield
        finally:
            self._spare -= 1
            await self._tell()

    async def _tell(self) -> None:
        self.heard(self._wanted + self._spare)
        async with self._changed:
            self._changed.notify_all()
