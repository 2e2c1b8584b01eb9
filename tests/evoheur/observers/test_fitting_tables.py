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


def narrowed(width: int, *least_useful: str) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    table = FittingTable(console, least_useful=least_useful)
    for number, column in enumerate(COLUMNS):
        table.add_column(column, no_wrap=number > 0, overflow="fold", justify="right" if number > 1 else "left")
    for row in ROWS:
        table.add_row(*row)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_columns_of_least_use_are_left_out_in_their_order_and_named() -> None:
    """As few as will do, and figures before them stay whole."""
    assert "left out" not in narrowed(80, "train gap", "kind")
    once, twice = narrowed(50, "train gap", "kind"), narrowed(38, "train gap", "kind")
    assert "left out, for want of width: train gap\n" in once
    assert "discovered" in once
    assert "left out, for want of width: train gap, kind" in " ".join(twice.split())
    assert "textbook" not in twice
    for shown in (once, twice):
        assert shown.startswith("╭")
        assert "0.54 % *" in shown


@given(st.integers(30, 120), st.lists(st.sampled_from(COLUMNS[1:]), unique=True, max_size=3))
def test_however_narrow_the_figures_that_stay_are_whole(width: int, least_useful: list[str]) -> None:
    table, _, below = narrowed(width, *least_useful).partition("left out, for want of width:")
    left_out = " ".join(below.split())
    assert max(map(cell_len, table.splitlines())) <= width
    for place, column in enumerate(COLUMNS):
        if place > 1 and column not in left_out:
            assert all(row[place] in " ".join(table.split()) for row in ROWS)


@pytest.mark.parametrize("width", range(20, 60))
def test_columns_that_are_wider_than_their_cells_count_with_their_least_width(width: int) -> None:
    """Else a table of short names would run over its border."""
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    table = FittingTable(console, least_useful=["calls"])
    for column in ("run", "arm"):
        table.add_column(column, overflow="fold", min_width=9)
    for column in ("train gap", "calls"):
        table.add_column(column, overflow="fold", no_wrap=True, justify="right")
    table.add_row("a", "b", "3.01 %", "1,234")
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert max(map(cell_len, shown.splitlines())) <= width
    assert all(len(line) == len(shown.splitlines()[0]) for line in shown.splitlines() if line[:1] in "╭│├╰")
    assert "3.01 %" in shown
    if "╭" in shown:
        assert all(line.endswith(("╮", "│", "┤", "╯")) for line in shown.splitlines() if line[:1] in "╭│├╰")
