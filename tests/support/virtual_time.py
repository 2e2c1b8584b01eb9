"""An event loop whose clock jumps to the next thing that is due, so that hours of waiting take seconds and come out alike."""

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

__all__ = ["VirtualTimeLoop", "run_in_virtual_time"]

ResultT = TypeVar("ResultT")


class _JumpingSelector(selectors.BaseSelector):
    """Waits for nothing: it passes on what is ready, and else lets its loop's clock jump.

    Args:
        loop: Whose clock.
    """

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.now = 0.0

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """See `selectors.BaseSelector`."""
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """See `selectors.BaseSelector`."""
        return self._real.unregister(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; the clock goes on by the timeout, since nothing else can happen before.

        Raises:
            RuntimeError: There is nothing to wait for, so the simulation hangs.
        """
        ready = self._real.select(0)
        if not ready and timeout is None:
            raise RuntimeError("Nothing is due in virtual time, and nothing is ready: the simulation waits for something real.")
        if not ready and timeout:
            self.now += timeout
        return ready

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """See `selectors.BaseSelector`."""
        return self._real.get_map()

    def close(self) -> None:
        """See `selectors.BaseSelector`."""
        self._real.close()


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time: no threads, no network."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since the loop was made, of virtual time."""
        return self._jumping.now


def run_in_virtual_time(coroutine: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run a coroutine that waits for nothing but time and its own tasks."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(coroutine)
