"""The drawing of a run's course: its shape, its labels, and where it is left out."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from evoheur import Totals
from evoheur.cli.terminal.drawn_steps import drawn_steps
from evoheur.cli.terminal.run_curve import print_run_curve
from tests.evoheur.observers.support import made_up


def drawn(
    width: int = 80, *, terminal: bool = True, steps: list[tuple[int, float]] | None = None, start: float | None = 4.0
) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=terminal, color_system=None, _environ={"TERM": "xterm"})
    found = [(10, 5.0), (20, 3.0), (80, 0.5)] if steps is None else steps
    print_run_curve(console, made_up.record(17, made_up.scored(100.5)), start, found, Totals(evaluations=100))
    return file.getvalue()


def test_it_falls_from_the_start_to_the_best() -> None:
    """What is worse than the start is no step of it."""
    lines = drawn().splitlines()
    assert lines[1] == "Best on train in the course of the run:"
    assert lines[2].split() == ["4.00", "%", "█" * 12]
    assert lines[6].startswith("0.50 %  " + "█" * 48 + "▁")
    assert len(lines[6]) == 8 + 60
    assert lines[7] == f"{'0':>9}{'100 evaluations':>59}"
    assert lines[8] == "made-up-1/17 has 0.50 % there."


@pytest.mark.parametrize("width", [25, 40, 60, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    shown = drawn(width)
    assert shown
    assert max(map(len, shown.splitlines())) <= width


def test_nothing_is_drawn_where_it_would_say_nothing_or_cannot_be_seen() -> None:
    """In a pipe, on a terminal of a few characters, and where nothing was better than the start."""
    assert drawn(terminal=False) == ""
    assert drawn(24) == ""
    assert drawn(steps=[]) == ""
    assert drawn(steps=[(5, 4.5)]) == ""


def test_a_terminal_without_blocks_gets_plain_characters() -> None:
    lines = drawn_steps([(0, 2.0), (5, 1.0)], 9, width=10, height=2, encoding="ascii")
    assert lines == ["#####", "#####:::::"]


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8),
    st.integers(1, 60),
    st.integers(1, 8),
    st.sampled_from(["utf-8", "ascii", "latin-1", "unknown"]),
)
def test_any_course_fills_its_field(values: list[float], width: int, height: int, encoding: str) -> None:
    steps = [(float(place), value) for place, value in enumerate(values)]
    lines = drawn_steps(steps, len(values), width=width, height=height, encoding=encoding)
    assert len(lines) == height
    assert all(len(line) <= width for line in lines)
    assert len(lines[-1]) == width
