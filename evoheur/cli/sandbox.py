"""`evoheur sandbox`: what candidates run in."""

import json
import time
from typing import Annotated

import typer

from evoheur.cli.options import AsJson
from evoheur.cli.output import make_console, print_json, say, working
from evoheur.cli.sandbox_check import check
from evoheur.documents.machine_document import ImageDocument
from evoheur.errors import ConfigError, ExecutorError
from evoheur.sandbox.docker.contents import NotInstalled, contents
from evoheur.sandbox.sandbox import SandboxUnavailable

__all__ = ["app"]

app = typer.Typer(help="Build and try what candidates run in.")
app.command(epilog="Example: evoheur sandbox check --level jail --family files")(check)

_With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="PACKAGE", help="An installed package that problems need inside, too; may be repeated."),
]
_Tag = Annotated[str | None, typer.Option("--tag", metavar="NAME", help="One more name for the image.")]
_Again = Annotated[bool, typer.Option("--again", help="Build it even if it is there already.")]
_Show = Annotated[bool, typer.Option("--show", help="Tell what the image would be, and build nothing.")]


@app.callback()
def _group() -> None:
    """Keeps `evoheur sandbox NAME` even where there is one command only."""


@app.command(epilog="Example: evoheur sandbox build --with scipy")
def build(
    packages: _With = None, tag: _Tag = None, *, again: _Again = False, show: _Show = False, as_json: AsJson = False
) -> None:
    """Build the image that isolation level docker needs, from this Python's own files; the daemon is the one of DOCKER_HOST."""
    start = time.monotonic()
    try:
        wanted = contents(packages or [])
        fresh = False if show else _build(packages or [], tag, again=again)
    except NotInstalled as error:
        raise ConfigError(str(error)) from error
    except SandboxUnavailable as error:
        raise ExecutorError(str(error)) from error
    if as_json:
        print_json(ImageDocument(format="image/1", image=wanted.image, built=fresh, **json.loads(wanted.label)))
        return
    done = f"built in {time.monotonic() - start:.1f} s" if fresh else "there already"
    holds = ", ".join(f"{name} {version}" for name, version in wanted.packages)
    say(make_console(), f"{wanted.image}{'' if show else f': {done}'}; Python {wanted.python} with {holds}")


def _build(packages: list[str], tag: str | None, *, again: bool) -> bool:
    try:
        from evoheur.sandbox.docker.build import build as build_image  # noqa: PLC0415 - the Docker SDK is an optional extra
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"The Docker SDK for Python is needed, but {error.name!r} is not installed: pip install 'evoheur[docker]'."
        ) from error
    with working("Copying Python and its packages into an image"):
        return build_image(packages, alias=tag, again=again).fresh
