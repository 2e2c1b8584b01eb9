"""Solutions drawn in a terminal."""

from rich.console import Console
from rich.text import Text

from evoheur import Drawing
from evoheur.api.drawn_solutions import DrawnSolution
from evoheur.charts.drawing_colours import series_colour
from evoheur.charts.solution_drawing import labels_of
from evoheur.charts.solution_table import SolutionTable
from evoheur.charts.text_drawing import drawing_as_text
from evoheur.cli.terminal.output import make_table, say
from evoheur.observers.number_text import count, one_line

__all__ = ["print_solution"]

_WIDEST, _NARROWEST, _HIGHEST = 100, 10, 32
_MOST_LABELS, _MOST_ROWS = 12, 40


def print_solution(console: Console, solution: DrawnSolution) -> None:
    """Draw a solution with its price: in dots, or as a table where its problem draws none.

    Args:
        console: Where to; one that cannot show braille gets ASCII.
        solution: What to draw.
    """
    result = solution.result
    cost = result.status.value if result.cost is None else f"cost {result.cost:.8g}"
    gap = "" if result.gap is None else f", gap {result.gap:.2f} %"
    say(console)
    say(console, f"{solution.name} on {one_line(result.instance)}: {cost}{gap}", "bold")
    if isinstance(solution.picture, Drawing):
        _print_drawing(console, solution.picture)
    else:
        _print_rows(console, solution.picture)
    if solution.remark:
        say(console, f"note: {solution.remark}", "yellow")


def _print_drawing(console: Console, drawing: Drawing) -> None:
    width = max(_NARROWEST, min(_WIDEST, console.width - 1))
    for row in drawing_as_text(drawing, width=width, height=_HIGHEST, braille=console.encoding.startswith("utf")):
        line = Text.assemble(*((cell.sign, cell.colour) for cell in row))
        line.rstrip()
        console.print(line, soft_wrap=True)
    for note in drawing.notes:
        say(console, one_line(note))
    labels = labels_of(drawing)
    for series, label in labels[:_MOST_LABELS]:
        words = one_line(label, console.encoding)
        console.print(Text.assemble(("-- ", series_colour(series)), words), soft_wrap=True)
    if len(labels) > _MOST_LABELS:
        say(console, f"{count(len(labels) - _MOST_LABELS)} more lines are not named here.")


def _print_rows(console: Console, found: SolutionTable) -> None:
    table = make_table(console, list(found.columns), wrap=[found.columns[1]])
    for row in found.rows[:_MOST_ROWS]:
        table.add_row(*(Text(one_line(cell, console.encoding)) for cell in row))
    console.print(table)
    left_out = found.left_out + len(found.rows) - len(found.rows[:_MOST_ROWS])
    if left_out:
        say(console, f"{count(left_out)} more rows are not shown.")
