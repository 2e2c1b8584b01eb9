"""`evoheur compare`: comparison of runs at equal calls and evaluations."""

from typing import Annotated

import typer

from evoheur import ConfigError
from evoheur.api.comparison_tables import comparison_csv, comparison_latex
from evoheur.api.run_comparison import compare_runs
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson
from evoheur.cli.tables.arm_tables import print_equal_budget
from evoheur.cli.terminal.output import make_console, print_json, working
from evoheur.report.comparison_as_document import comparison_document

__all__ = ["compare"]


def compare(
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN…", help="Names of runs, or patterns in quotation marks, such as 'sweep-*'.")
    ],
    *,
    validate: Annotated[
        bool, typer.Option("--validate", help="Score on validation, and store, what the comparison lacks there.")
    ] = False,
    controls: Annotated[
        bool,
        typer.Option(
            "--controls/--no-controls", help="Compare with the archive's runs of (1+1) and random sampling of the same seeds."
        ),
    ] = True,
    latex: Annotated[bool, typer.Option("--latex", help="Write the arms as LaTeX tables, with booktabs.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write the arms as CSV.")] = False,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Compare runs at equal budgets.

    They are compared at equal model calls and at equal evaluations. Runs that differ only in their seed are repetitions of one arm:
    medians with intervals, and paired tests between arms over the seeds they share. The first sentence below the tables says whether a
    method beats the plain loop, (1+1). docs/comparing.md says what each figure is.

    Example:
        evoheur compare 'quickstart-eoh-*' 'quickstart-random-*' --validate
    """
    if latex + as_csv + as_json > 1:
        raise ConfigError("A comparison is written in one form at a time; choose one of --latex, --csv and --json.")
    with working("Comparing") as saying:
        found = compare_runs(runs, archive=archive, validate=validate, controls=controls, saying=saying)
    if as_json:
        print_json(comparison_document(found))
    elif latex or as_csv:
        typer.echo(comparison_latex(found) if latex else comparison_csv(found), nl=False)
    else:
        print_equal_budget(make_console(), found)
