"""Turns of tasks that have something to compute in the loop's thread."""

import asyncio

__all__ = ["Turns"]


class Turns:
    """Lets one task at a time go on, with a look at everything else in between.

    Hundreds of replies that arrive together would be parsed in a row otherwise, and nothing else would get a turn until all are.
    """

    def __init__(self) -> None:
        self._taken = asyncio.Lock()

    async def next(self) -> None:
        """Wait for a turn, in the order of asking; it lasts until the task waits for something else."""
        await self._taken.acquire()
        asyncio.get_running_loop().call_soon(self._taken.release)
