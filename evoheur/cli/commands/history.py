"""`evoheur history`: what happened to a run beside its log."""

from rich.text import Text

from evoheur import open_archive
from evoheur.api.archives import find_run
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, MaybeRun
from evoheur.cli.terminal.output import make_console, make_table, print_json, say
from evoheur.documents.run_event_document import run_event_document
from evoheur.observers.number_text import duration, one_line

__all__ = ["history"]


def history(run: MaybeRun = None, *, archive: ArchiveUrl = DEFAULT_ARCHIVE, as_json: AsJson = False) -> None:
    """Show what happened to a run: sessions, outages, waits, audits, faults.

    All that stands beside its log of requests and outcomes, and advice and estimates too, oldest first.
    News of an outage, and waits for one reason that hang together, are one line.

    Example:
        evoheur history quickstart-1
    """
    with open_archive(archive) as opened:
        chosen = find_run(opened, run)
        found = opened.run_events(chosen.id)
    if as_json:
        print_json([run_event_document(event, chosen.name) for event in found])
        return
    console = make_console()
    if not found:
        say(console, f"Nothing is stored of what happened to run {chosen.name} beside its log.")
        return
    table = make_table(
        console,
        ["time (UTC)", "run time", "kind", "what happened"],
        right=["run time"],
        wrap=["what happened"],
        least_useful=["kind", "run time"],
    )
    for event in found:
        words = [f"{event.at:%Y-%m-%d %H:%M:%S}", duration(event.seconds), event.kind.replace("_", " "), event.text]
        table.add_row(*(Text(one_line(word, console.encoding)) for word in words))
    console.print(table)
