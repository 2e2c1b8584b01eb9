"""`evoheur watch`: a run that goes on in another process."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from evoheur import Event, open_archive
from evoheur.api.archives import ArchiveReader, find_run, suggest
from evoheur.api.run_health import health_of_run
from evoheur.api.watched_run import WatchedRun
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, MaybeRun, archive_option_for
from evoheur.cli.tables.health_tables import health_sentence
from evoheur.cli.tables.run_ending import print_run_ending
from evoheur.cli.terminal.interrupted import RunFailed, see_that_it_finished
from evoheur.cli.terminal.output import make_console, print_json, say
from evoheur.documents.document_model import plain_json
from evoheur.documents.run_document import RunDocument, run_with_best
from evoheur.observers.console import ConsoleObserver
from evoheur.observers.live_display import LiveDisplay
from evoheur.observers.outage_text import wait_sentences
from evoheur.observers.progress import Progress
from evoheur.report.health_as_document import health_document

__all__ = ["watch"]

_PAUSE_SECONDS = 1.0
_SHARE_OF_TIME = 0.2  # of a long archive's time that reading it takes at most


def watch(
    run: MaybeRun = None,
    *,
    once: Annotated[bool, typer.Option("--once", help="Show how it stands now, and end.")] = False,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Watch a run that goes on in another process.

    Shows what the run's own terminal shows, as far as it is stored, and ends with the run and with its exit code: 0 finished, 1 failed or
    gone, 130 interrupted. Ctrl-C ends the watching only. --json writes the run as a line of JSON whenever something of it has changed.

    Example:
        evoheur watch quickstart-1 --once
    """
    with open_archive(archive) as opened:
        watched = WatchedRun(opened, find_run(opened, run).name)
        if once:
            _show_once(opened, watched, as_json=as_json, archive=archive)
        elif as_json:
            _write_lines(opened, watched)
        else:
            _follow(opened, watched, archive)
    again = suggest(f"resume {watched.run.name}", archive)
    if watched.is_over:
        see_that_it_finished(watched.run, go_on=again)
    elif not once:
        raise RunFailed(f"Run {watched.run.name} is not worked on any more, and did not say why; go on with {again}.")


def _show_once(opened: ArchiveReader, watched: WatchedRun, *, as_json: bool, archive: str) -> None:
    events = list(watched.look())
    if as_json:
        print_json(_document(opened, watched))
        return
    console = make_console()
    if watched.is_over:
        print_run_ending(console, opened, watched.run, watched.totals, command_options=archive_option_for(archive))
        return
    progress = Progress(time.monotonic)
    for event in events:
        progress.hear(event)
    progress.count(watched.totals)
    console.print(LiveDisplay(console, progress).picture(), soft_wrap=not console.is_terminal)
    if words := health_sentence(health_of_run(opened, watched.run)):
        say(console, words)


def _write_lines(opened: ArchiveReader, watched: WatchedRun) -> None:
    last: object = None
    for _ in _looks(watched):
        stands = (watched.run.status, replace(watched.totals, seconds=0.0), bool(_waits(watched)))
        if stands != last:
            last = stands
            typer.echo(json.dumps(plain_json(_document(opened, watched)), allow_nan=False))


def _follow(opened: ArchiveReader, watched: WatchedRun, archive: str) -> None:
    console = make_console()
    with ConsoleObserver(console) as observer:
        for events in _looks(watched):
            for event in events if not watched.is_over else ():
                observer.notify(event)
            observer.count(watched.totals)
    if watched.is_over:
        print_run_ending(console, opened, watched.run, watched.totals, command_options=archive_option_for(archive))


def _looks(watched: WatchedRun) -> Iterator[Sequence[Event]]:
    """Look until the run is over, or no process works on it.

    Yields:
        The events of each look.
    """
    idle = 0
    while True:
        began = time.monotonic()
        yield list(watched.look())
        # One look may fall between the process's last word and the end of its lock, or before it has taken that.
        idle = idle + 1 if watched.is_worked_on is False else 0
        if watched.is_over or idle > 1:
            return
        time.sleep(max(_PAUSE_SECONDS, (time.monotonic() - began) * (1.0 / _SHARE_OF_TIME - 1.0)))


def _document(opened: ArchiveReader, watched: WatchedRun) -> RunDocument:
    found = run_with_best(watched.run, watched.totals, opened.chosen(watched.run.name))
    waits, health = _waits(watched), health_of_run(opened, watched.run)
    known: dict[str, Any] = {"waits": waits} if waits else {}
    if health.whole.all.replies:
        known["health"] = health_document(health)
    return found.model_copy(update=known)


def _waits(watched: WatchedRun) -> list[str]:
    return wait_sentences(watched.events, datetime.now(UTC))
