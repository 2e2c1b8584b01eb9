"""`evoheur doctor`: its output and its exit codes."""

import io
import json
from dataclasses import replace

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from evoheur.api.machine.machine_finding import MachineFinding
from evoheur.cli.commands.doctor import doctor, report

GOOD = MachineFinding(area="machine", name="python", ok=True, detail="3.11", needed=True, remedy="Install it.", value="3.11")
OPTIONAL = MachineFinding(area="packages", name="ray", ok=False, detail="not installed")
BAD = MachineFinding(area="isolation", name="process", ok=False, detail="no guest", needed=True, remedy="Install evoheur again.")


def reported(*findings: MachineFinding, as_json: bool = False, terminal: bool = False) -> tuple[bool, str]:
    """Whether all is well, and the output."""
    file = io.StringIO()
    well = report(findings, Console(file=file, width=100, force_terminal=terminal), as_json=as_json)
    return well, file.getvalue()


def test_what_is_optional_does_not_spoil_the_result() -> None:
    well, text = reported(GOOD, OPTIONAL)
    assert well
    assert text.splitlines()[-1] == "Everything that the quickstart needs works here."
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    assert rows == [
        ["area", "what", "ok", "detail"],
        ["machine", "python", "yes", "3.11"],
        ["packages", "ray", "no", "not installed"],
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_what_is_needed_and_fails_ends_with_its_remedy(terminal: bool) -> None:
    well, text = reported(GOOD, BAD, terminal=terminal)
    assert not well
    assert "process: no guest" in text
    assert "  Install evoheur again." in text
    assert "Everything" not in text


def test_json_is_one_object_with_every_finding() -> None:
    well, text = reported(GOOD, replace(BAD, area="machine"), as_json=True)
    assert not well
    assert json.loads(text) == {
        "format": "doctor/1",
        "ok": False,
        "findings": [
            {
                "area": "machine",
                "name": "python",
                "ok": True,
                "detail": "3.11",
                "needed": True,
                "remedy": "",
                "value": "3.11",
            },
            {
                "area": "machine",
                "name": "process",
                "ok": False,
                "detail": "no guest",
                "needed": True,
                "remedy": "Install evoheur again.",
                "value": None,
            },
        ],
    }


def test_details_that_the_output_cannot_express_are_shown_as_far_as_it_can() -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert not report([replace(BAD, detail="kein Gast für €")], Console(file=file, width=100), as_json=False)


def test_command_finds_this_machine_fit_for_the_quickstart() -> None:
    """It runs the bundled problem's own heuristic in a real guest; this machine runs the tests, so it can."""
    app = typer.Typer()
    app.command()(doctor)
    result = CliRunner().invoke(app, ["--json"])
    data = json.loads(result.stdout)
    assert (result.exit_code, data["ok"]) == (0, True)
    assert {"machine", "isolation", "packages", "database", "keys"} == {finding["area"] for finding in data["findings"]}


def test_command_exits_with_1_where_no_run_could_be_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even root can write to /proc."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")  # a container would compile kernels for seconds, as above
    monkeypatch.chdir("/proc")
    app = typer.Typer()
    app.command()(doctor)
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 1
    assert "sqlite: SQLite" in result.stdout
    assert "cannot write in '/proc'" in result.stdout
    assert "--archive" in result.stdout.splitlines()[-1]
