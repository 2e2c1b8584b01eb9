"""One session of a run under a terminal's signals: the first asks for an orderly end, the second ends it at once."""

import asyncio
import signal
from collections.abc import Callable

import typer

from evoheur.errors import EvoheurError
from evoheur.run.discovery import Discovery
from evoheur.run.events import RunStopped

__all__ = ["RunFailed", "carry_out"]

_INTERRUPTED = 130


def _unheard() -> None:
    pass


class RunFailed(EvoheurError):
    """A run stopped because something it needs failed; it can be resumed."""


def carry_out(discovery: Discovery, *, go_on: str, heard: Callable[[], None] = _unheard) -> int:
    """Run a session to its end.

    Args:
        discovery: Wired.
        go_on: The command that goes on with what was stopped, as messages name it.
        heard: Called at the first signal, also where the run finishes all the same.

    Returns:
        The exit code: 0 finished, 130 interrupted.

    Raises:
        RunFailed: The run stopped early; says why and how to go on.
        EvoheurError: The run could not go on at all.
    """
    stopped = asyncio.run(_discover(discovery, heard))
    if stopped is None or stopped.run.status == "interrupted":
        typer.echo(f"Interrupted; nothing that was paid for is lost. Go on with {go_on}.", err=True)
        return _INTERRUPTED
    if stopped.run.status != "finished":
        raise RunFailed(f"Run {discovery.run.name} failed: {stopped.run.reason} Once that is mended, go on with {go_on}.")
    return 0


async def _discover(discovery: Discovery, heard: Callable[[], None]) -> RunStopped | None:
    task = asyncio.ensure_future(discovery.discover())
    loop = asyncio.get_running_loop()
    stopper = _Stopper(discovery, task, heard)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopper.hear)
    try:
        return await task
    except asyncio.CancelledError:
        return None


class _Stopper:
    def __init__(self, discovery: Discovery, task: "asyncio.Task[RunStopped]", heard: Callable[[], None]) -> None:
        self._discovery = discovery
        self._task = task
        self._tell = heard
        self._heard = False

    def hear(self) -> None:
        """A signal came."""
        if self._heard:
            self._task.cancel()
            return
        self._heard = True
        self._tell()
        typer.echo("Stopping: what is in flight is being finished. Press Ctrl-C again to stop at once.", err=True)
        self._discovery.interrupt()
