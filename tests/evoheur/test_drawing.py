"""Drawings refuse what could not be drawn, and know their parts."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from evoheur.drawing import Drawing, DrawnPoints, DrawnRectangle, LineOfPoints
from evoheur.errors import ConfigError


def box(**changes: Any) -> DrawnRectangle:
    return DrawnRectangle(**{"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0, **changes})


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: DrawnPoints(x=(0.0, 1.0), y=(0.0,)), "2 x and 1 y"),
        (lambda: DrawnPoints(x=(), y=()), "at least one"),
        (lambda: DrawnPoints(x=(math.nan,), y=(0.0,)), "the number nan"),
        (lambda: DrawnPoints(x=("1",), y=(0.0,)), "the number '1'"),  # type: ignore[arg-type]
        (lambda: DrawnPoints(x=[0.0], y=[0.0]), "of type list"),  # type: ignore[arg-type]
        (lambda: DrawnPoints(x=(0.0,), y=(0.0,), parts=("one", "two")), "1 points and 2 parts"),
        (lambda: DrawnPoints(x=(0.0,), y=(0.0,), series=-1), "the series -1"),
        (lambda: DrawnPoints(x=(0.0,), y=(0.0,), shape="star"), "'star'; it is one of: dot, square"),  # type: ignore[arg-type]
        (lambda: LineOfPoints(x=(0.0,), y=(math.inf,)), "the number inf"),
        (lambda: LineOfPoints(x=(0.0,), y=(0.0,), label=3), "the text 3"),  # type: ignore[arg-type]
        (lambda: box(width=-1.0), "-1.0 wide"),
        (lambda: box(x=1e308, width=1e308), "the number inf"),
        (lambda: box(shade=1.5), "the shade 1.5"),
        (lambda: box(part=None), "the text None"),
        (lambda: Drawing(title="t", marks=("a line",)), "the mark 'a line'"),  # type: ignore[arg-type]
        (lambda: Drawing(title=7, marks=()), "the text 7"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_value(made: Callable[[], object], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        made()
    assert words in str(caught.value)


def test_parts_are_those_of_points_and_rectangles_in_the_order_of_the_marks() -> None:
    marks = (
        DrawnPoints(x=(0.0, 1.0), y=(0.0, 1.0), parts=("a", "b")),
        LineOfPoints(x=(0.0, 1.0), y=(0.0, 1.0), label="no part"),
        box(part="c"),
        box(),
        DrawnPoints(x=(2.0,), y=(2.0,)),
    )
    assert Drawing(title="", marks=marks).parts == ("a", "b", "c")
