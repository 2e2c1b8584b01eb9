"""Every command on terminals of several widths: no line runs over the edge, and no table over its border."""

import io
import re
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from rich.cells import cell_len

from evoheur.cli.commands import ORDER
from evoheur.cli.main import run
from tests.evoheur.cli.conftest import History

LOOKING = [
    ("runs",),
    ("watch", "tiny", "--once"),
    ("best", "tiny"),
    ("show", "tiny/1", "--diff"),
    ("failures", "tiny"),
    ("spend", "tiny"),
    ("grid", "tiny"),
    ("front", "tiny"),
    ("select", "tiny", "--sizes", "1,2", "--families"),
    ("history", "tiny"),
    ("grid", "tiny", "--measure", "nodes"),
    ("compare", "tiny", "tiny"),
    ("resume", "tiny"),
    ("evaluate", "tiny/1", "--split", "validation"),
    ("advise", "tiny"),
]
OTHERS = [
    ("problems", "list"),
    ("configs",),
    ("gallery", "list"),
    ("gallery", "show", "online_levels"),
    ("plugins", "--all"),
    ("prompts", "show", "eoh"),
    ("problems", "show", "bin_packing_offline"),
    ("--help",),
    ("run", "--help"),
    *(
        pytest.param(words, marks=pytest.mark.nightly)
        for words in [("doctor",), ("sandbox", "check", "--family", "shared objects")]
    ),
]
WRITING = [
    ("run", "small.yaml", "--name", "another"),
    ("simplify", "tiny/1", "--evaluations", "5"),
    ("sweep", "small.yaml", "--strategies", "random", "--seeds", "2", "--set", "budget.evaluations=3"),
    ("discoveries", "small.yaml", "--seeds", "1", "--set", "budget.evaluations=3"),
    ("record", "replay", "tiny"),
    ("export-pairs", "kto", "tiny", "-o", "labels.jsonl"),
]
WITHOUT_TABLES = {"export", "init", "schema", "db", "skill", "plot", "report", "ui"}
"""Commands that print sentences, files or JSON, and no table."""
WITH_A_TEST_BELOW = {"solve"}
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(io.StringIO):
    """What a command takes for a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def unfit(lines: Sequence[str], width: int) -> list[str]:
    """Lines that are too wide, and rows of tables without their right border, which a console cuts off at its edge."""
    rows = [line for line in lines if line.startswith((*"╭│├╰|", "+--"))]
    return [line for line in lines if cell_len(line) > width] + [line for line in rows if not line.endswith(tuple("╮│┤╯+|"))]


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
    assert unfit(lines, width) == []


@pytest.mark.parametrize("width", [40, pytest.param(60, marks=pytest.mark.nightly), 80])
@pytest.mark.parametrize("words", OTHERS, ids=" ".join)
def test_nothing_else_is_wider_than_the_terminal(words: tuple[str, ...], width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = lines_on_a_terminal(words)
    assert unfit(lines, width) == []


@pytest.mark.parametrize("width", [40, pytest.param(60, marks=pytest.mark.nightly), pytest.param(80, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_nothing_that_is_written_on_the_way_is_wider_than_the_terminal(
    words: tuple[str, ...], width: int, history: History, write_config: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    write_config()
    lines = lines_on_a_terminal([*words, "--archive", history.url])
    assert unfit(lines, width) == []


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_solution_of_ones_own_instances_is_wider_than_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    Path("fullest.py").write_text("def priority(item, bins):\n    return -1.0 * bins\n")
    Path("mine.csv").write_text("capacity,100\nsize,count\n50,4\n35,6\n20,5\n")
    lines = lines_on_a_terminal(["solve", "fullest.py", "mine.csv", "--problem", "bin_packing_online", "--textbook"])
    assert unfit(lines, width) == []


def test_every_command_is_looked_at_here() -> None:
    """So that a new one with a table is."""
    words = [entry.values[0] if hasattr(entry, "values") else entry for entry in [*LOOKING, *OTHERS, *WRITING]]
    assert {first for first, *_ in words} - {"--help"} | WITHOUT_TABLES | WITH_A_TEST_BELOW == set(ORDER)


@pytest.mark.parametrize("width", [40, pytest.param(60, marks=pytest.mark.nightly), 80])
def test_tables_in_a_pipe_keep_to_the_columns_that_are_told(
    width: int, finished: History, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prose is not wrapped there, so that it can be searched; tables are."""
    monkeypatch.setenv("COLUMNS", str(width))
    for words in LOOKING:
        assert run([*words, "--archive", finished.url]) == 0
    tables = [line for line in capsys.readouterr().out.splitlines() if line[:1] in {"+", "|"}]
    assert unfit(tables, width) == []
