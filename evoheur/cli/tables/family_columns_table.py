"""The table of what seeds discovered beside the textbook rules, on a terminal."""

from rich.console import Console
from rich.text import Text

from evoheur.api.discovery_tables import DiscoveryTable
from evoheur.cli.terminal.output import make_table
from evoheur.observers.number_text import Scale, one_line

__all__ = ["print_discovery_table"]


def print_discovery_table(console: Console, table: DiscoveryTable) -> None:
    """Print a table with a column per family.

    A gap is green where it is below those of all textbook rules of the class.
    """
    figures = [*table.families, "mean of families"]
    words = ["heuristic", "kind", "class"]
    shown = make_table(console, [*words, *figures], right=figures, wrap=words, least_useful=["kind", "class"])
    for row in table.rows:
        best = table.beaten(row, table.rules) if row.kind != "textbook" else []
        gaps = [Text(Scale.GAP.text(gap), style="bold green" if family in best else "") for family, gap in row.gaps.items()]
        names = [Text(one_line(word, console.encoding)) for word in (row.name, row.kind, row.rule_class)]
        shown.add_row(*names, *gaps, Scale.GAP.text(row.mean))
    console.print(shown)
