"""`evoheur failures`: failures of a run, with their reasons."""

from rich.text import Text

from evoheur import open_archive
from evoheur.api.archives import FailureGroup, find_run
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, MaybeRun
from evoheur.cli.terminal.output import make_console, make_table, print_json, say, share
from evoheur.documents.failure_document import failure_document
from evoheur.observers.number_text import count, one_line

__all__ = ["failures"]


def failures(run: MaybeRun = None, *, archive: ArchiveUrl = DEFAULT_ARCHIVE, as_json: AsJson = False) -> None:
    """Show what failed in a run, and why.

    Failures are grouped by reason, with examples.

    Example:
        evoheur failures quickstart-1
    """
    with open_archive(archive) as opened:
        chosen = find_run(opened, run)
        groups = opened.failures(chosen.name)
        totals = opened.totals(chosen.id)
    if as_json:
        print_json([failure_document(group, run=chosen.name, requests=totals.requests) for group in groups])
        return
    console = make_console()
    if not groups:
        say(console, f"Nothing failed in the {count(totals.requests, 'request')} of run {chosen.name}.")
        return
    failed = sum(group.count for group in groups)
    of_all = f"{count(failed)} of {count(totals.requests, 'request')} ({share(failed, totals.requests):.1%})"
    say(console, f"Run {chosen.name}: {of_all} failed", "bold")
    table = make_table(
        console,
        ["stage", "reason", "count", "share", "for example"],
        right=["count", "share"],
        wrap=["for example"],
        least_useful=["share", "stage"],
    )
    for group in groups:
        examples = Text("\n".join(one_line(line, console.encoding) for line in _examples(group, chosen.name)))
        table.add_row(group.stage, group.reason, count(group.count), f"{share(group.count, totals.requests):.1%}", examples)
    console.print(table)


def _examples(group: FailureGroup, run: str) -> list[str]:
    return [
        f"{f'request {example.request}' if example.candidate is None else f'{run}/{example.candidate}'} "
        f"({example.operator}): {example.detail}"
        for example in group.examples[:2]
    ]
