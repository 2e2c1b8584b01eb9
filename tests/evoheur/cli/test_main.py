"""The entry point: help, versions, errors and exit codes."""

import os
import subprocess
import sys
from typing import Any

import pytest

from evoheur import __version__
from evoheur.cli.main import run
from tests.evoheur.cli.support.invoking import evoheur, refusal

COMMANDS = ["run", "resume", "runs", "best", "show", "failures", "compare", "sweep", "evaluate", "export", "doctor"]
NESTED = [("problems", "list"), ("problems", "show"), ("db", "check"), ("db", "upgrade")]


def test_no_command_shows_the_overview() -> None:
    done = evoheur()
    assert done.code == 0
    assert all(f" {command} " in done.out for command in [*COMMANDS, "problems", "db"])


@pytest.mark.parametrize("words", [*((command,) for command in COMMANDS), *NESTED], ids=" ".join)
def test_every_command_explains_itself_with_an_example(words: tuple[str, ...]) -> None:
    done = evoheur(*words, "--help")
    assert done.code == 0
    assert f"Example: evoheur {' '.join(words)}" in done.out


def test_version() -> None:
    assert evoheur("--version") == (0, f"evoheur {__version__}\n", "")


def test_the_overview_waits_for_no_database_compiler_or_client() -> None:
    """What takes long to import is only imported by the command that needs it."""
    program = "import sys; from evoheur.cli.main import run; run(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    for heavy in ("sqlalchemy", "alembic", "numpy", "numba", "openai", "pydantic", "jinja2"):
        assert f"'{heavy}'" not in done.stderr


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["rnus"], ["'rnus'", "'runs'", "evoheur --help"]),
        (["best", "--jsn"], ["--jsn", "--json", "evoheur best --help"]),
        (["show"], ["CANDIDATE", "evoheur show --help"]),
        (["best", "-n", "many"], ["-n", "many"]),
        (["best", "-n", "0"], ["-n", "0"]),
        (["evaluate", "x.py", "--split", "tset"], ["--split", "tset", "train"]),
        (["problems"], ["evoheur problems --help"]),
        (["problems", "lits"], ["'lits'", "'list'"]),
    ],
)
def test_a_wrong_command_line_is_one_line_with_the_word_and_the_remedy(words: list[str], parts: list[str]) -> None:
    message = refusal(*words)
    assert all(part in message for part in parts), message


def test_an_error_of_the_user_shows_a_traceback_only_with_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = evoheur("run", "nothing.yaml")
    asked = evoheur("--debug", "run", "nothing.yaml")
    assert "Traceback" not in plain.err
    assert "Traceback" in asked.err
    assert asked.err.endswith(plain.err)
    assert (plain.code, asked.code) == (2, 2)
    monkeypatch.setenv("EVOHEUR_DEBUG", "1")
    assert evoheur("run", "nothing.yaml") == asked


def failing(error: BaseException) -> Any:
    def command(**_options: Any) -> None:
        raise error

    return command


def test_an_unforeseen_error_is_called_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], command=failing(ZeroDivisionError("division\nby zero"))) == 1
    message = capsys.readouterr().err
    assert message.startswith("error: ZeroDivisionError: division by zero; this is a bug")
    assert "--debug" in message
    assert message.count("\n") == 1


def test_an_interrupt_outside_a_run_exits_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], command=failing(KeyboardInterrupt())) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_that_went_away_is_no_error() -> None:
    """`evoheur … | head` ends without a traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "evoheur", "problems", "list", "--json"], stdout=stdout, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr == b""
