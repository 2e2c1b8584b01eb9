"""Build the sandbox image, and attack the isolation levels."""

import json
import time
from typing import Annotated

import typer

from evoheur.api.sandbox_attack import FAMILIES, attack_level, attacks_in, check_families, levels_to_attack
from evoheur.api.sandbox_image import build_image, image_contents
from evoheur.cli.options import AsJson
from evoheur.cli.tables.attack_table import report_attacks, showing_attacks
from evoheur.cli.terminal.output import make_console, print_json, say, working
from evoheur.documents.machine_document import ImageDocument

__all__ = ["SUBCOMMANDS", "build", "check"]

_With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="PACKAGE", help="An installed package that problems need inside, too; may be repeated."),
]
_Tag = Annotated[str | None, typer.Option("--tag", metavar="NAME", help="One more name for the image.")]
_Again = Annotated[bool, typer.Option("--again", help="Build it even if it is there already.")]
_Show = Annotated[bool, typer.Option("--show", help="Tell what the image would be, and build nothing.")]
_Levels = Annotated[
    list[str] | None,
    typer.Option(
        "--level",
        metavar="KIND",
        help="Attack this level (jail, docker, process, a plug-in's name or package.module:Class); may be repeated. Left out: all that "
        "isolate, as far as they work here.",
    ),
]
_Families = Annotated[
    list[str] | None,
    typer.Option("--family", metavar="NAME", help=f"Run these attacks only; may be repeated. One of: {', '.join(FAMILIES)}."),
]


def build(
    packages: _With = None, tag: _Tag = None, *, again: _Again = False, show: _Show = False, as_json: AsJson = False
) -> None:
    """Build the image that isolation level docker needs.

    From this Python's own files; the daemon is the one of DOCKER_HOST.

    Example:
        evoheur sandbox build --with scipy
    """
    start = time.monotonic()
    wanted = image_contents(packages or [])
    fresh = False
    if not show:
        with working("Copying Python and its packages into an image"):
            fresh = build_image(packages or [], tag, again=again)
    if as_json:
        print_json(ImageDocument(format="image/1", image=wanted.image, built=fresh, **json.loads(wanted.label)))
        return
    done = f"built in {time.monotonic() - start:.1f} s" if fresh else "there already"
    holds = ", ".join(f"{name} {version}" for name, version in wanted.packages)
    say(make_console(), f"{wanted.image}{'' if show else f': {done}'}; Python {wanted.python} with {holds}")


def check(level: _Levels = None, family: _Families = None, *, as_json: AsJson = False) -> None:
    """Attack this machine's isolation levels, and show what held.

    Exits with 0 if every promise was kept, else with 1; a level that is asked for by name must work.

    Example:
        evoheur sandbox check --level jail --family files
    """
    check_families(family or [])
    chosen = levels_to_attack(level or [])
    families = tuple(family or FAMILIES)
    with showing_attacks(len(attacks_in(families))) as told:
        found = [attack_level(target, families, told) for target in chosen]
    if not report_attacks(found, make_console(), as_json=as_json, all_must_work=bool(level)):
        raise typer.Exit(1)


SUBCOMMANDS = {"build": build, "check": check}
