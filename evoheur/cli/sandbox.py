"""`evoheur sandbox`: what candidates run in."""

import typer

__all__ = ["app"]

app = typer.Typer(help="Build and try what candidates run in.")


@app.callback()
def _group() -> None:
    """Keeps `evoheur sandbox NAME` even where there is one command only."""
