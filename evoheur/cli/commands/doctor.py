"""`evoheur doctor`: findings on this machine, with remedies."""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from evoheur.api.machine.diagnosis import diagnose
from evoheur.api.machine.machine_finding import MachineFinding
from evoheur.cli.terminal.output import make_table
from evoheur.documents.document_model import plain_json
from evoheur.documents.machine_document import DoctorDocument
from evoheur.observers.fitting_tables import FittingTable

__all__ = ["doctor", "report"]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Show what this machine offers.

    Isolation levels, cores, memory, packages, database, and which keys are set.

    Exits with 0 if the quickstart can work here, else with 1 and the remedy.

    Example:
        evoheur doctor --json
    """
    console = Console()
    runs = Path.cwd() / "runs"
    checks: Iterable[MachineFinding] = diagnose(os.environ, runs if runs.is_dir() else Path.cwd())
    if console.is_interactive and not as_json:
        with console.status("Starting a guest and compiling a kernel; the first time takes a while"):
            findings = list(checks)
    else:
        findings = list(checks)
    if not report(findings, console, as_json=as_json):
        raise typer.Exit(1)


def report(findings: Sequence[MachineFinding], console: Console, *, as_json: bool) -> bool:
    """Print findings.

    Args:
        findings: In the order to print them.
        console: Where to.
        as_json: {"ok": …, "findings": […]} with the attributes of `MachineFinding`, instead of a table.

    Returns:
        True if everything that is needed is ok.
    """
    broken = [finding for finding in findings if finding.needed and not finding.ok]
    if as_json:
        document = DoctorDocument(format="doctor/1", ok=not broken, findings=[finding.document() for finding in findings])
        console.file.write(json.dumps(plain_json(document), indent=2) + "\n")
        return not broken
    console.print(_table(findings, console))
    for finding in broken:
        words = f"{finding.name}: {finding.detail}\n  {finding.remedy}"
        console.print(Text(_encodable(words, console), style="red"), soft_wrap=True)
    if not broken:
        console.print(Text("Everything that the quickstart needs works here."))
    return not broken


def _table(findings: Iterable[MachineFinding], console: Console) -> FittingTable:
    table = make_table(console, ["area", "what", "ok", "detail"], wrap=["what", "detail"], least_useful=["area"])
    area = ""
    for finding in findings:
        if area and finding.area != area:
            table.add_section()
        shown = "" if finding.area == area else finding.area
        area = finding.area
        table.add_row(shown, Text(finding.name), _mark(finding), Text(_encodable(finding.detail, console)))
    return table


def _mark(finding: MachineFinding) -> Text:
    if finding.ok:
        return Text("yes", style="green")
    return Text("NO", style="bold red") if finding.needed else Text("no", style="dim")


def _encodable(words: str, console: Console) -> str:
    return words.encode(console.encoding, errors="replace").decode(console.encoding)
