"""One session of a run under a terminal's signals: the first asks for an orderly end, the second ends it at once."""

import asyncio
import signal

import typer

from evoheur.errors import EvoheurError
from evoheur.run.discovery import Discovery
from evoheur.run.events import RunStopped

__all__ = ["RunFailed", "carry_out"]

_INTERRUPTED = 130


class RunFailed(EvoheurError):
    """A run stopped because something it needs failed; it can be resumed."""


def carry_out(discovery: Discovery) -> int:
    """Run a session to its end.

    Returns:
        The exit code: 0 finished, 130 interrupted.

    Raises:
        RunFailed: The run stopped early; says why and how to go on.
        EvoheurError: The run could not go on at all.
    """
    stopped = asyncio.run(_discover(discovery))
    resume = f"`evoheur resume {discovery.run.name}`"
    if stopped is None or stopped.run.status == "interrupted":
        typer.echo(f"Interrupted; nothing that was paid for is lost. Go on with {resume}.", err=True)
        return _INTERRUPTED
    if stopped.run.status != "finished":
        raise RunFailed(f"Run {discovery.run.name} failed: {stopped.run.reason} Once that is mended, go on with {resume}.")
    return 0


async def _discover(discovery: Discovery) -> RunStopped | None:
    task = asyncio.ensure_future(discovery.discover())
    loop = asyncio.get_running_loop()
    stopper = _Stopper(discovery, task)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopper.hear)
    try:
        return await task
    except asyncio.CancelledError:
        return None


class _Stopper:
    def __init__(self, discovery: Discovery, task: "asyncio.Task[RunStopped]") -> None:
        self._discovery = discovery
        self._task = task
        self._heard = False

    def hear(self) -> None:
        """A signal came."""
        if self._heard:
            self._task.cancel()
            return
        self._heard = True
        typer.echo("Stopping: what is in flight is being finished. Press Ctrl-C again to stop at once.", err=True)
        self._discovery.interrupt()
