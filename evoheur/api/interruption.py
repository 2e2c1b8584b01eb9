"""Running coroutines to their end, and interrupting them in order.

Under Ctrl-C, and inside a notebook's running event loop, too.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Self, TypeVar

from evoheur.run.discovery import Discovery
from evoheur.run.events import RunStopped

__all__ = ["Interruption", "LooplessThread", "RunInterrupted", "carry_out", "outside_event_loop", "run_alone"]

ResultT = TypeVar("ResultT")

_PATIENCE_SECONDS = 0.25  # between two calls of what is to be done while a thread is waited for
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_HEARING_SECONDS = 1.0


def _nobody() -> bool:
    return False


class RunInterrupted(KeyboardInterrupt):
    """A run was stopped at once, by a second Ctrl-C.

    Nothing that was paid for is lost.

    Attributes:
        run: Its name, to go on with `evoheur.resume`.
    """

    def __init__(self, run: str) -> None:
        super().__init__(f"run {run!r} was stopped at once; go on with it by evoheur.resume({run!r})")
        self.run = run


class Interruption:
    """The means to end a run from any thread.

    Asked once, it ends the run when what is in flight is finished; asked again, at once.

    Args:
        heard: Called the first time, also where the run finishes all the same.
    """

    def __init__(self, heard: Callable[[], None] | None = None) -> None:
        self._heard = heard
        self._asked = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def asked(self) -> bool:
        """Whether somebody has asked for the run's end."""
        return self._asked > 0

    def ask(self) -> None:
        """Ask for the run's end."""
        self._asked += 1
        if self._asked == 1 and self._heard is not None:
            self._heard()
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended of itself
                self._loop.call_soon_threadsafe(self._act)

    async def discover(self, discovery: Discovery, elsewhere: Callable[[], bool] = _nobody) -> RunStopped | None:
        """Run a session; None if it was ended at once.

        Args:
            discovery: Wired.
            elsewhere: Whether another process has asked for the run's end; looked at once a second, from another thread.
        """
        self._task = asyncio.ensure_future(discovery.discover())
        self._discovery = discovery
        self._loop = asyncio.get_running_loop()
        if self._asked:  # while the run was being prepared
            self._act()
        hearing = asyncio.ensure_future(self._hear(elsewhere))
        try:
            with _signals_to(self.ask, self._loop):
                return await self._task
        except asyncio.CancelledError:
            return None
        finally:
            self._loop = None
            hearing.cancel()

    async def _hear(self, elsewhere: Callable[[], bool]) -> None:
        while not await asyncio.to_thread(elsewhere):  # noqa: ASYNC110 - no event comes from another process
            await asyncio.sleep(_HEARING_SECONDS)
        self.ask()

    def _act(self) -> None:
        self._discovery.interrupt()
        if self._asked > 1:
            self._task.cancel()


def carry_out(discovery: Discovery, interruption: Interruption, elsewhere: Callable[[], bool] = _nobody) -> RunStopped:
    """Run a session to its end.

    Args:
        discovery: Wired.
        interruption: How somebody may end it before. In the main thread, SIGINT and SIGTERM do.
        elsewhere: Whether another process has asked for the run's end.

    Returns:
        What happened; its status is "finished", "interrupted" or "failed".

    Raises:
        RunInterrupted: It was ended at once.
        EvoheurError: It could not start or go on at all.
    """
    stopped = asyncio.run(interruption.discover(discovery, elsewhere))
    if stopped is None:
        raise RunInterrupted(discovery.run.name)
    return stopped


class LooplessThread:
    """The one thread for functions that run event loops of their own.

    It is the caller's, or a thread of its own where a loop is running when this is made. A context manager, which ends that thread.
    """

    def __init__(self) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self._pool = None
        else:
            self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="evoheur")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def call(
        self,
        work: Callable[[], ResultT],
        interruption: Interruption | None = None,
        while_waiting: Callable[[], None] | None = None,
    ) -> ResultT:
        """Call a function in that thread, and wait for it.

        Args:
            work: The function.
            interruption: Gets the Ctrl-C that is pressed while the thread is waited for.
            while_waiting: Called a few times a second in the caller's thread while that waits for another one.
        """
        if self._pool is None:
            return work()
        if interruption is None:
            return self._pool.submit(work).result()
        with _pressed_in_main_thread(interruption.ask):
            future = self._pool.submit(work)
            while while_waiting is not None and not wait([future], timeout=_PATIENCE_SECONDS).done:
                while_waiting()
            return future.result()


def outside_event_loop(
    work: Callable[[], ResultT],
    interruption: Interruption | None = None,
    while_waiting: Callable[[], None] | None = None,
) -> ResultT:
    """Call a function that runs an event loop of its own.

    It is called here, or in a thread of its own where a loop is running already.

    Args:
        work: Does everything in one thread, as databases want it.
        interruption: Gets the Ctrl-C that is pressed while the thread is waited for.
        while_waiting: As for `LooplessThread.call`.
    """
    with LooplessThread() as thread:
        return thread.call(work, interruption, while_waiting)


def run_alone(work: Callable[[], Coroutine[Any, Any, ResultT]]) -> ResultT:
    """Run a coroutine, also inside a running event loop."""
    return outside_event_loop(lambda: asyncio.run(work()))


@contextlib.contextmanager
def _pressed_in_main_thread(hear: Callable[[], None]) -> Iterator[None]:
    """Let a Ctrl-C be heard while the main thread waits for another one.

    A handler, because a KeyboardInterrupt can come between any two steps of the waiting, and would leave it for good.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda _number, _frame: hear())
    try:
        yield
    finally:
        if before is not None:  # one that was not set by Python cannot be put back
            signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _signals_to(hear: Callable[[], None], loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Let signals be heard while a loop runs; only the main thread may."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        loop.add_signal_handler(number, hear)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            if handler is not None:  # one that was not set by Python cannot be put back
                signal.signal(number, handler)
