"""`evoheur plugins`: the plug-ins of installed packages."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from evoheur.api.plugin_listing import list_plugins
from evoheur.cli.options import AsJson
from evoheur.cli.terminal.output import make_console, make_table, print_json, say
from evoheur.documents.plugin_document import PluginDocument

__all__ = ["plugins"]


def plugins(
    *,
    shipped: Annotated[bool, typer.Option("--all", help="List what ships with evoheur, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the plug-ins of installed packages.

    Each is told with the name that configurations use, where it is from, and what is wrong with it.

    Example:
        evoheur plugins --all
    """
    found = list_plugins(shipped=shipped)
    if as_json:
        print_json([PluginDocument(format="plugin/1", **asdict(plugin)) for plugin in found])
        return
    console = make_console()
    if not found:
        say(console, "No installed package declares a plug-in; `evoheur plugins --all` lists what ships with evoheur.")
        return
    table = make_table(console, ["kind", "name", "from", "what it is"], wrap=["from", "what it is"], least_useful=["from"])
    for plugin in found:
        words = Text(f"BROKEN: {plugin.fault}", style="red") if plugin.fault else Text(plugin.summary)
        table.add_row(plugin.what, plugin.name, f"{plugin.package} ({plugin.target})", words)
    console.print(table)
