"""`evoheur simplify`: what remains of a heuristic without all that it does not need."""

from typing import Annotated

import typer
from rich.console import Console

from evoheur.api.command_words import parse_settings
from evoheur.api.contender import find_contender
from evoheur.api.simplifying import EVALUATIONS, TOLERANCE, Simplified, family_shifts, simplify_config, simplify_contender
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, InRun, ProblemSettings, suggest
from evoheur.cli.terminal.output import make_console, make_table, print_code, print_json, say, working
from evoheur.documents.simplification_document import simplification_document
from evoheur.observers.number_text import Scale, count, one_line

__all__ = ["simplify"]


def simplify(  # noqa: PLR0913 - a command has as many parameters as it has options
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A heuristic's file, RUN/NUMBER, or RUN/best.")],
    *,
    problem: Annotated[str | None, typer.Option("--problem", help="Problem, if the target does not tell.")] = None,
    settings: ProblemSettings = None,
    tolerance: Annotated[
        float, typer.Option("--tolerance", min=0.0, help="Percentage points by which no family's gap may change more.")
    ] = TOLERANCE,
    split: Annotated[
        list[str] | None,
        typer.Option(
            "--split", metavar="SPLIT", help="Where nothing may change; may be repeated, by default train and validation."
        ),
    ] = None,
    evaluations: Annotated[int, typer.Option("--evaluations", min=1, help="So many at most.")] = EVALUATIONS,
    run: InRun = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Take from a heuristic all that it does not need.

    First what changes no value or no cost goes, then every part that no family of instances needs, and at last digits of constants. The
    test is two-sided: a part stays if some family becomes worse without it by more than the tolerance, and also if one becomes better.

    What remains of a candidate is stored with its run; `show` and `export` give it in its place, unless they are told --original.

    Example:
        evoheur simplify quickstart-1/17 --tolerance 0.05
    """
    found = find_contender(target, problem=problem, settings=parse_settings(settings or ()), archive=archive, run=run)
    config = simplify_config(tolerance, evaluations)
    with working(f"Simplifying {found.name}") as saying:
        simplified = simplify_contender(found, split or (), config, archive=archive, saying=saying)
    if as_json:
        known = {"target": found.name, "problem": found.named.name, "settings": dict(found.named.settings)}
        print_json(simplification_document(simplified.found, tolerance=tolerance, stored=simplified.stored, **known))
    else:
        _print(make_console(), found.name, simplified, archive)


def _print(console: Console, name: str, simplified: Simplified, archive: str) -> None:
    found = simplified.found
    if found.changed:
        say(console, f"{name} without {count(len(found.steps), 'part')}, after {count(found.evaluations, 'evaluation')}:", "bold")
        for step in found.steps:
            say(console, f"- {one_line(step, console.encoding)}")
        say(console)
        print_code(console, found.code)
    else:
        say(console, f"{name} needs all that it has, as {count(found.evaluations, 'evaluation')} tell.", "bold")
    say(console)
    _print_shifts(console, simplified)
    if not found.complete:
        say(console, "The evaluations ran out before everything was tried; --evaluations gives more.")
    if simplified.stored is not None:
        say(console, f"Stored as {simplified.stored}; {suggest(f'show {name} --original', archive)} shows what it was.")


def _print_shifts(console: Console, simplified: Simplified) -> None:
    found = simplified.found
    scale = Scale.of([*found.before.values(), *found.after.values()])
    columns = ["before", "after", "largest change of a family"]
    table = make_table(console, ["split", *columns], right=columns)
    for split, before in found.before.items():
        after = found.after[split]
        shifts = family_shifts(before, after)
        widest = max(shifts, key=lambda family: abs(shifts[family]))
        change = f"{shifts[widest]:+.3f} ({widest})" if shifts[widest] else "none"
        table.add_row(split, scale.text(before.objective), scale.text(after.objective), change)
    console.print(table)
