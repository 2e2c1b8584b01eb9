"""`evoheur grid`: the candidates of a run in MAP-Elites' grid.

For every run, whatever strategy bred its candidates.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import typer
from rich.console import Console

from evoheur import CandidateRecord, open_archive
from evoheur.api.archives import find_run, suggest
from evoheur.api.candidate_grid import MEASURE_FORMS, Grid, read_grid
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, MaybeRun
from evoheur.cli.terminal.output import make_console, make_table, print_json, say
from evoheur.documents.evaluation_document import gap_of
from evoheur.documents.grid_document import CellDocument, GridDocument
from evoheur.observers.number_text import Scale, count

__all__ = ["grid"]

_COLUMN = 11  # characters of a cell in a plane, the line beside it included

Measures = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        metavar="NAME[=CELLS]",
        help=f"A measure of the grid, such as nodes, with {MEASURE_FORMS}; may be repeated. "
        "By default the run's own grid, or nodes and calls.",
    ),
]


def grid(
    run: MaybeRun = None, *, measure: Measures = None, archive: ArchiveUrl = DEFAULT_ARCHIVE, as_json: AsJson = False
) -> None:
    """Show the best heuristic of every kind in a run.

    Kinds are cells of a grid over measures of the code, as MAP-Elites keeps them.

    Example:
        evoheur grid quickstart-1 --measure nodes --measure branches=0,1,2,4,8
    """
    with open_archive(archive) as opened:
        chosen = find_run(opened, run)
        filled, working, elites = read_grid(opened, chosen, measure or ())
    if as_json:
        print_json(_document(filled, elites, chosen.name))
        return
    console = make_console()
    if not working:
        say(console, f"No candidate of run {chosen.name} succeeded yet; {suggest(f'failures {chosen.name}', archive)} says why.")
        return
    (_print_plane if _fits(console, filled) else _print_list)(console, filled, chosen.name)
    _print_coverage(console, filled, working, chosen.name)


def _document(filled: Grid, best: Sequence[CandidateRecord], run: str) -> GridDocument:
    gaps = {record.candidate.id: gap_of(record.candidate.evaluation) for record in best}
    elites = sorted(filled.elites.items(), key=lambda entry: entry[0])
    return GridDocument(
        format="grid/1",
        run=run,
        objective_kind=next((elite.evaluation.objective_kind for _, elite in elites), None),
        measures={name: list(edges) for name, edges in filled.edges.items()},
        size=filled.size,
        coverage=filled.coverage,
        cells=[
            CellDocument(
                span={
                    name: [edges[place], edges[place + 1]]
                    for (name, edges), place in zip(filled.edges.items(), cell, strict=True)
                },
                best=f"{run}/{elite.id}",
                best_objective=elite.objective,
                best_gap=gaps[elite.id],
            )
            for cell, elite in elites
        ],
    )


def _fits(console: Console, filled: Grid) -> bool:
    """Whether the console is wide enough for the grid.

    Only a plane can be shown as one.
    """
    return len(filled.edges) == 2 and console.width >= _COLUMN * len([*filled.edges.values()][1])


def _print_plane(console: Console, filled: Grid, run: str) -> None:
    """Print a grid of two measures.

    One downwards, one across.
    """
    (down, rows), (across, columns) = filled.edges.items()
    scale = Scale.of(elite.evaluation for elite in filled.elites.values())
    say(console, f"Run {run}: best {scale.value} on train by {down} (down) and {across} (across)", "bold")
    headings = _spans(columns)
    table = make_table(console, [down, *headings], right=[down, *headings])
    for row, span in enumerate(_spans(rows)):
        elites = [filled.elites.get((row, column)) for column in range(len(headings))]
        table.add_row(span, *("" if elite is None else scale.text(elite.objective) for elite in elites))
    console.print(table)


def _print_list(console: Console, filled: Grid, run: str) -> None:
    """Print a grid of any number of measures.

    One row per occupied cell.
    """
    names = list(filled.edges)
    scale = Scale.of(elite.evaluation for elite in filled.elites.values())
    spans = [_spans(edges) for edges in filled.edges.values()]
    value = f"train {scale.value}"
    table = make_table(console, [*names, "candidate", value], right=[*names, value])
    for cell, elite in sorted(filled.elites.items(), key=lambda entry: entry[0]):
        places = [axis[place] for axis, place in zip(spans, cell, strict=True)]
        table.add_row(*places, f"{run}/{elite.id}", scale.text(elite.objective))
    console.print(table)


def _print_coverage(console: Console, filled: Grid, candidates: int, run: str) -> None:
    best = min(filled.elites.values(), key=lambda elite: elite.objective or 0.0)
    text = Scale.of([best.evaluation]).text(best.objective)
    occupied = f"{count(len(filled.elites))} of {count(filled.size, 'cell')} occupied ({filled.coverage:.1%})"
    say(console, f"{occupied} by {count(candidates, 'candidate')} that work; the best is {run}/{best.id} with {text}.")


def _spans(edges: Sequence[float]) -> list[str]:
    """The ranges of a measure's cells, as text.

    Those at the border have all that is beyond it.
    """
    if len(edges) == 2:
        return ["all"]
    inner = [f"{low:.3g}-{high:.3g}" for low, high in pairwise(edges[1:-1])]
    return [f"<{edges[1]:.3g}", *inner, f">={edges[-2]:.3g}"]
