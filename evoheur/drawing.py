"""Drawings of solutions as plain data: points, lines and rectangles, without a drawing library.

`Problem.draw` returns one. Whoever shows it scales it to the picture, so coordinates are in the units of the instance, with y upwards.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from evoheur.errors import ConfigError

__all__ = ["Drawing", "DrawnPoints", "DrawnRectangle", "LineOfPoints", "Mark"]

Shape: TypeAlias = Literal["dot", "square"]
_MOST_SERIES = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPoints:
    """Points of one colour, such as cities or the customers of a route.

    Attributes:
        x: To the right, finite, shape (points,).
        y: Upwards, likewise.
        parts: The part of the instance that each stands for, such as "city 3", shape (points,); empty where they stand for none.
        series: Numbers the colour, from 0; None for the colour of the ground, which is grey.
        shape: "square" for what is special, such as a depot.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    parts: tuple[str, ...] = ()
    series: int | None = None
    shape: Shape = "dot"

    def __post_init__(self) -> None:
        _check_places(self.x, self.y, "points")
        _check_series(self.series)
        _check_words(self.parts)
        if self.parts and len(self.parts) != len(self.x):
            raise ConfigError(f"A drawing has {len(self.x)} points and {len(self.parts)} parts for them; name all or none.")
        if self.shape not in get_args(Shape):
            raise ConfigError(
                f"A drawing's points have the shape {self.shape!r:.60}; it is one of: {', '.join(get_args(Shape))}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOfPoints:
    """A line through points, such as a tour or a route.

    Attributes:
        x: To the right, finite, shape (points,).
        y: Upwards, likewise.
        series: Numbers the colour, from 0; None for grey.
        closed: Whether it goes back from its last point to the first.
        label: What it is, such as "route 3: load 97 of 100"; shown beside the drawing. Empty for nothing.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    series: int | None = 0
    closed: bool = False
    label: str = ""

    def __post_init__(self) -> None:
        _check_places(self.x, self.y, "line")
        _check_series(self.series)
        _check_words((self.label,))


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRectangle:
    """A rectangle: an item in a bin, the bin itself, a bar of a chart.

    Attributes:
        x: Its left side, finite.
        y: Its lower side, finite.
        width: Finite, at least 0.
        height: Likewise.
        part: The part of the instance that it stands for, such as "item 7"; empty where it stands for none.
        label: Anything more to say of it, such as its size.
        shade: From 0 (light) to 1 (dark), how it is filled; None for an empty frame.
    """

    x: float
    y: float
    width: float
    height: float
    part: str = ""
    label: str = ""
    shade: float | None = None

    def __post_init__(self) -> None:
        corners = [self.x, self.y, self.width, self.height]
        _check_numbers(corners, "rectangle")
        _check_numbers([self.x + self.width, self.y + self.height], "rectangle")
        if self.width < 0 or self.height < 0:
            raise ConfigError(f"A drawing's rectangle is {self.width!r} wide and {self.height!r} high; give at least 0.")
        if self.shade is not None and not 0 <= self.shade <= 1:
            raise ConfigError(f"A drawing's rectangle has the shade {self.shade!r}; give a number from 0 to 1, or None.")
        _check_words((self.part, self.label))


Mark: TypeAlias = DrawnPoints | LineOfPoints | DrawnRectangle


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture of a solution, as `Problem.draw` returns it.

    Attributes:
        title: What is shown, such as "berlin52: tour of 52 cities".
        marks: What is drawn, in this order, later ones over earlier ones.
        notes: Lines to be read beside it, such as the number of routes.
        equal_scale: Whether a step to the right must be as long as one upwards.

    Raises:
        ConfigError: A number is not finite, parts and points differ in number, or something is no mark; says which, with the value.

    Example:
        >>> path = LineOfPoints(x=(0.0, 3.0), y=(0.0, 4.0))
        >>> places = DrawnPoints(x=(0.0, 3.0), y=(0.0, 4.0), parts=("home", "shop"))
        >>> Drawing(title="the way", marks=(path, places)).parts
        ('home', 'shop')
    """

    title: str
    marks: tuple[Mark, ...]
    notes: tuple[str, ...] = ()
    equal_scale: bool = True

    def __post_init__(self) -> None:
        _check_words((self.title, *self.notes))
        for mark in self.marks:
            if not isinstance(mark, Mark):
                raise ConfigError(f"A drawing has the mark {mark!r:.80}; give DrawnPoints, LineOfPoints or DrawnRectangle.")

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the instance that are drawn, in order; each should be there once."""
        found: list[str] = []
        for mark in self.marks:
            if isinstance(mark, DrawnPoints):
                found.extend(mark.parts)
            elif isinstance(mark, DrawnRectangle) and mark.part:
                found.append(mark.part)
        return tuple(found)


def _check_places(x: Sequence[float], y: Sequence[float], what: str) -> None:
    if not isinstance(x, tuple) or not isinstance(y, tuple):
        raise ConfigError(
            f"A drawing's {what} has coordinates of type {type(x).__name__}; give tuples, as `tuple(array.tolist())`."
        )
    if len(x) != len(y) or not x:
        raise ConfigError(f"A drawing's {what} has {len(x)} x and {len(y)} y; give as many of both, at least one.")
    _check_numbers((*x, *y), what)


def _check_numbers(numbers: Iterable[object], what: str) -> None:
    for number in numbers:
        if not isinstance(number, int | float) or not math.isfinite(number):
            raise ConfigError(f"A drawing's {what} has the number {number!r:.60}; give finite ints and floats.")


def _check_series(series: object) -> None:
    if series is not None and not (isinstance(series, int) and 0 <= series <= _MOST_SERIES):
        raise ConfigError(f"A drawing has the series {series!r:.60}; give a whole number from 0, or None.")


def _check_words(words: Iterable[object]) -> None:
    for word in words:
        if not isinstance(word, str):
            raise ConfigError(f"A drawing has the text {word!r:.60}; give a str.")
