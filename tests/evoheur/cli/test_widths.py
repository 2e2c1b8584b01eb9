"""Every command on terminals of several widths: no line runs over the edge, and no table over its border."""

import io
import re
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout

import pytest
from rich.cells import cell_len

from evoheur.cli.main import run
from tests.evoheur.cli.conftest import History

LOOKING = [
    ("runs",),
    ("best", "tiny"),
    ("show", "tiny/1", "--diff"),
    ("failures", "tiny"),
    ("grid", "tiny"),
    ("grid", "tiny", "--measure", "nodes"),
    ("compare", "tiny", "tiny"),
    ("resume", "tiny"),
    ("evaluate", "tiny/1", "--split", "validation"),
]
OTHERS = [
    ("problems", "list"),
    ("configs",),
    ("prompts", "show", "eoh"),
    ("problems", "show", "bin_packing_offline"),
    ("--help",),
    ("run", "--help"),
]
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(io.StringIO):
    """What a command takes for a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def lines_on_a_terminal(words: Sequence[str]) -> list[str]:
    terminal = Terminal()
    with redirect_stdout(terminal), redirect_stderr(io.StringIO()):
        code = run(words)
    assert code == 0, terminal.getvalue()
    return ESCAPES.sub("", terminal.getvalue()).splitlines()


@pytest.mark.parametrize("width", [40, pytest.param(60, marks=pytest.mark.nightly), 80])
@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_nothing_of_a_run_is_wider_than_the_terminal(
    words: tuple[str, ...], width: int, finished: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = lines_on_a_terminal([*words, "--archive", finished.url])
    assert [line for line in lines if cell_len(line) > width] == []


@pytest.mark.parametrize("width", [40, pytest.param(60, marks=pytest.mark.nightly), 80])
@pytest.mark.parametrize("words", OTHERS, ids=" ".join)
def test_nothing_else_is_wider_than_the_terminal(words: tuple[str, ...], width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = lines_on_a_terminal(words)
    assert [line for line in lines if cell_len(line) > width] == []


@pytest.mark.parametrize("width", [40, pytest.param(60, marks=pytest.mark.nightly), 80])
def test_tables_in_a_pipe_keep_to_the_columns_that_are_told(
    width: int, finished: History, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prose is not wrapped there, so that it can be searched; tables are."""
    monkeypatch.setenv("COLUMNS", str(width))
    for words in LOOKING:
        assert run([*words, "--archive", finished.url]) == 0
    tables = [line for line in capsys.readouterr().out.splitlines() if line[:1] in {"+", "|"}]
    assert [line for line in tables if cell_len(line) > width] == []
