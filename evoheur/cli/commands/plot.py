"""`evoheur plot`: figures for papers, as PDF, SVG or PNG."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from evoheur import ConfigError
from evoheur.api.solution_making import SolutionWish, draw_solutions
from evoheur.charts.run_course import SpentAxis
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, InRun
from evoheur.cli.terminal.output import make_console, working
from evoheur.cli.terminal.solution_picture import print_solution
from evoheur.observers.number_text import one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["SUBCOMMANDS", "need_matplotlib"]

_AXES: dict[str, SpentAxis] = {"calls": "calls", "evaluations": "evaluations", "money": "cost_usd", "time": "seconds"}

RunName = Annotated[str, typer.Argument(metavar="RUN", help="Name of a run.")]
RunNames = Annotated[list[str], typer.Argument(metavar="RUN…", help="Names of runs of one problem.")]
Output = Annotated[
    Path,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Where to write; its suffix says what: .pdf, .svg or .png. Replaced if there."
    ),
]
Width = Annotated[str, typer.Option("--width", metavar="WIDTH", help="column (3.35 inches), page (6.9), or a number of inches.")]
Textbook = Annotated[bool, typer.Option("--textbook", help="Score every textbook rule now, and draw it; takes its time.")]


def need_matplotlib() -> None:
    """See that figures can be drawn.

    Raises:
        ConfigError: The extra is not installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise ConfigError("Figures need the package matplotlib; install it with: pip install 'evoheur[plots]'")


def curve(
    runs: RunNames,
    *,
    output: Output,
    over: Annotated[
        Literal["calls", "evaluations", "money", "time"] | None,
        typer.Option("--over", help="What the curve is drawn over; by default calls, or evaluations where no model was called."),
    ] = None,
    points: Annotated[int, typer.Option("--points", min=0, help="Of a single run, draw at most so many candidates.")] = 1000,
    textbook: Textbook = False,
    width: Width = "column",
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Draw the best so far of one run or several.

    Of a single run, candidates are points, coloured by what bred them, with failures below the axis; diamonds are what the audit found on
    fresh instances. A line stands for the best textbook rule, as far as the archive knows it; --textbook draws all.

    Example:
        evoheur plot curve quickstart-1 -o curve.pdf
    """

    def draw(saying: Callable[[str], None]) -> "Figure":
        from evoheur.plots.run_figures import curve_figure  # noqa: PLC0415 - needs the optional extra

        axis = None if over is None else _AXES[over]
        return curve_figure(runs, archive=archive, over=axis, width=width, points=points, textbook=textbook, saying=saying)

    _write(draw, output)


def lineage(
    run: RunName,
    *,
    output: Output,
    most: Annotated[int, typer.Option("--most", min=2, help="Draw at most so many candidates.")] = 600,
    width: Width = "page",
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Draw the family tree of a run, with the line of its best candidate lit.

    Example:
        evoheur plot lineage quickstart-1 -o lineage.svg
    """

    def draw(_saying: Callable[[str], None]) -> "Figure":
        from evoheur.plots.run_figures import lineage_figure  # noqa: PLC0415 - needs the optional extra

        return lineage_figure(run, archive=archive, width=width, most=most)

    _write(draw, output)


def matrix(
    run: RunName,
    *,
    output: Output,
    split: Annotated[
        Literal["train", "validation", "test", "audit"] | None,
        typer.Option(
            "--split", help="Whose instances; by default the first of validation, test, train and audit that was scored."
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="So many of the best on train.")] = 20,
    textbook: Textbook = False,
    width: Width = "page",
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Draw the gaps of the best candidates on every instance, as a heat map.

    Heuristics that are good on the same instances stand side by side. Where they complement each other, colours change along a column.

    Example:
        evoheur plot matrix quickstart-1 -o matrix.pdf
    """

    def draw(saying: Callable[[str], None]) -> "Figure":
        from evoheur.plots.run_figures import matrix_figure  # noqa: PLC0415 - needs the optional extra

        return matrix_figure(run, archive=archive, split=split, width=width, most=most, textbook=textbook, saying=saying)

    _write(draw, output)


def solution(  # noqa: PLR0913 - a command has as many parameters as it has options
    target: Annotated[
        str,
        typer.Argument(metavar="TARGET", help="RUN/NUMBER, RUN/best, textbook:NAME, gallery:NAME or a heuristic's file."),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Where to write; its suffix says what: .pdf, .svg or .png. Replaced if there. Without it, the terminal shows it in dots.",
        ),
    ] = None,
    instance: Annotated[
        str | None,
        typer.Option(
            "--instance", metavar="NAME", help="By default one that a solution is kept of, else the first of the split."
        ),
    ] = None,
    beside: Annotated[
        str | None,
        typer.Option("--beside", metavar="TARGET", help="Another one to draw beside it, or textbook for the best textbook rule."),
    ] = None,
    split: Annotated[Literal["train", "validation", "test"], typer.Option("--split", help="Whose instance.")] = "validation",
    problem: Annotated[str | None, typer.Option("--problem", help="Problem, if the target does not tell.")] = None,
    run: InRun = None,
    width: Width = "page",
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Draw what a heuristic makes of an instance: a tour, routes, filled bins, or a table.

    A solution that the archive keeps is drawn as it is. Else the heuristic solves the instance in the sandbox, and its solution is kept if
    it costs what the archive says; where it does not, that is said. Without -o, the terminal shows the drawing in dots.

    Example:
        evoheur plot solution quickstart-1/best --beside textbook -o solution.pdf
    """
    wish = SolutionWish(target=target, beside=beside, instance=instance, split=split, problem=problem, run=run)
    if output is None:
        with working("Solving") as saying:
            shown = draw_solutions(wish, archive=archive, saying=saying)
        console = make_console()
        for each in shown:
            print_solution(console, each)
        return
    remarks: list[str] = []

    def draw(saying: Callable[[str], None]) -> "Figure":
        from evoheur.plots.figure_style import figure_size  # noqa: PLC0415 - needs the optional extra
        from evoheur.plots.solution_plot import draw_side_by_side  # noqa: PLC0415 - needs the optional extra

        figure_size(width)  # refused before anything is solved
        drawn = draw_solutions(wish, archive=archive, saying=saying)
        remarks.extend(each.remark for each in drawn if each.remark)
        return draw_side_by_side(drawn, width=width)

    _write(draw, output)
    for remark in remarks:
        typer.echo(f"note: {one_line(remark)}", err=True)


def compare(
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN…", help="Names of runs, or patterns in quotation marks, such as 'sweep-*'.")
    ],
    *,
    output: Output,
    over: Annotated[
        Literal["calls", "evaluations"], typer.Option("--over", help="What is equal, and what the curves are drawn over.")
    ] = "calls",
    controls: Annotated[
        bool,
        typer.Option(
            "--controls/--no-controls", help="Draw the archive's runs of (1+1) and random sampling of the same seeds, too."
        ),
    ] = True,
    width: Width = "column",
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Draw runs as arms, with medians and 95 % intervals over their seeds.

    The arms, medians and intervals are those of `evoheur compare`.

    Example:
        evoheur plot compare 'quickstart-eoh-*' 'quickstart-random-*' -o compare.pdf
    """

    def draw(saying: Callable[[str], None]) -> "Figure":
        from evoheur.plots.run_figures import compare_figure  # noqa: PLC0415 - needs the optional extra

        return compare_figure(runs, archive=archive, over=over, width=width, controls=controls, saying=saying)

    _write(draw, output)


def _write(draw: Callable[[Callable[[str], None]], "Figure"], output: Path) -> None:
    """Draw a figure and write it, after everything that can be refused without work."""
    need_matplotlib()
    from evoheur.plots.figure_files import check_figure_file, save_figure  # noqa: PLC0415 - needs the optional extra

    check_figure_file(output)
    with working("Drawing") as saying:
        save_figure(draw(saying), output)
    typer.echo(f"Wrote the figure to {output}.", err=True)


SUBCOMMANDS = {"curve": curve, "lineage": lineage, "matrix": matrix, "solution": solution, "compare": compare}
