"""`evoheur ui`: the web view of an archive."""

import contextlib
import importlib.util
import webbrowser
from typing import Annotated

import typer

from evoheur import ConfigError
from evoheur.api.archives import ARCHIVE_VARIABLE, shown
from evoheur.cli.options import DEFAULT_ARCHIVE
from evoheur.cli.terminal.output import make_console, say

__all__ = ["ui"]

_PACKAGES = ("plotly", "starlette", "uvicorn")


def ui(
    archive: Annotated[
        str,
        typer.Argument(
            metavar="ARCHIVE", envvar=ARCHIVE_VARIABLE, help="The database with the runs: its file, or its URL.", show_envvar=True
        ),
    ] = DEFAULT_ARCHIVE,
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Of 127.0.0.1; by default one that is free.")] = 0,
    token: Annotated[
        str | None,
        typer.Option(
            "--token", envvar="EVOHEUR_UI_TOKEN", help="Secret of the address; by default a fresh one.", show_envvar=True
        ),
    ] = None,
    browse: Annotated[bool, typer.Option("--open", help="Open the address in a browser.")] = False,
) -> None:
    """Look at runs in a browser, also while they go on.

    Prints an address that only this machine answers; whoever has it may look, stop and delete runs. Loads nothing from the network. Ctrl-C
    ends it, and no run with it.

    Example:
        evoheur ui --open
    """
    missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise ConfigError(f"The web view needs {' and '.join(missing)}; install what it needs with: pip install 'evoheur[ui]'")
    from evoheur.ui.view_server import serve_view  # noqa: PLC0415 - needs the optional extra

    console = make_console()
    url = archive if "://" in archive else f"sqlite:///{archive}"

    def ready(address: str) -> None:
        say(console, f"Archive {shown(url)}; Ctrl-C ends the view.")
        say(console, address)
        console.file.flush()
        if browse:
            webbrowser.open(address)

    with contextlib.suppress(KeyboardInterrupt):  # the way to end it
        serve_view(url, port=port, token=token, ready=ready)
