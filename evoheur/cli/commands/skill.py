"""`evoheur skill`: a skill file for coding agents."""

from pathlib import Path
from typing import Annotated

import typer

from evoheur.api.agent_skill import skill_text, write_skill

__all__ = ["skill"]


def skill(
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="A file that ends in .md, or an agent's folder of skills, which gets evoheur/SKILL.md; else printed.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that says something else.")] = False,
) -> None:
    """Write a skill file for coding agents.

    It says when to use evoheur, which commands to run, how budgets and verdicts are to be read, and what not to claim.

    Example:
        evoheur skill -o .claude/skills
    """
    if output is None:
        typer.echo(skill_text(), nl=False)
        return
    typer.echo(f"Wrote {write_skill(output, replace=force)}.", err=True)
