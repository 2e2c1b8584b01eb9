"""`evoheur configs`: the configurations that ship with evoheur."""

from evoheur.api.configurations import shipped_configs
from evoheur.cli.options import AsJson
from evoheur.cli.terminal.output import make_console, make_table, print_json, say
from evoheur.documents.config_summary_document import ConfigSummaryDocument

__all__ = ["configs"]


def configs(*, as_json: AsJson = False) -> None:
    """List the configurations that ship with evoheur.

    `evoheur run NAME` takes them from any folder; a file of your own is written as a path, which ends in .yaml or has a slash.

    Example:
        evoheur configs --json
    """
    found = shipped_configs()
    if as_json:
        print_json(
            [ConfigSummaryDocument(format="config-summary/1", name=name, summary=summary) for name, summary in found.items()]
        )
        return
    console = make_console()
    table = make_table(console, ["configuration", "what it is"], wrap=["what it is"])
    for name, summary in found.items():
        table.add_row(name, summary)
    console.print(table)
    say(console, "Run one by its name: evoheur run quickstart. Write one of your own: evoheur init.")
