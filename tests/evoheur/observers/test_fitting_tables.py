import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from evoheur.observers.fitting_tables import FittingTable

WIDE = "箱詰め問題の規則 🎉🎉 naïve"
COLUMNS = ("heuristic", "kind", "train gap", "validation gap")
ROWS = [("sum_of_squares", "textbook", "0.60 % *", "0.54 % *"), (WIDE, "discovered", "4.09 %", "4.18 %")]


def printed(width: int, *, terminal: bool = True, columns: tuple[str, ...] = COLUMNS, rows: object = ROWS) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal, color_system=None)
    table = FittingTable(console)
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number > 0, overflow="fold", justify="right" if number > 1 else "left")
    assert isinstance(rows, list)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("width", [20, 30, 40, 50, 60, 64, 80, 120])
def test_no_line_is_wider_than_the_console(width: int, terminal: bool) -> None:
    lines = printed(width, terminal=terminal).splitlines()
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
def test_no_figure_is_cut(width: int) -> None:
    shown = printed(width)
    assert all(figure in " ".join(shown.split()) for row in ROWS for figure in row[2:])


def test_a_wide_console_gets_a_border_and_a_narrow_one_lists() -> None:
    assert printed(80).startswith("╭")
    assert printed(30).splitlines()[:4] == [
        "heuristic: sum_of_squares",
        "kind: textbook",
        "train gap: 0.60 % *",
        "validation gap: 0.54 % *",
    ]


def test_headings_are_broken_before_the_table_is_given_up() -> None:
    assert "validation gap" in printed(80)
    between = printed(52)
    assert between.startswith("╭")
    assert "validation gap" not in between


def test_empty_cells_and_headings_take_no_line_in_a_list() -> None:
    rows = [("", "b"), (Text("a"), "")]
    assert printed(4, columns=("", "x"), rows=rows) == "x: b\n\na\n"


@given(
    rows=st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30), st.text(max_size=12)), max_size=4),
    width=st.integers(10, 100),
)
def test_whatever_names_there_are_no_line_is_too_wide(rows: list[tuple[str, str, str]], width: int) -> None:
    cells = [tuple(Text("".join(c if c.isprintable() else "?" for c in cell)) for cell in row) for row in rows]
    lines = printed(width, columns=("a", "b", "c"), rows=cells).splitlines()
    assert max(map(cell_len, lines), default=0) <= width
