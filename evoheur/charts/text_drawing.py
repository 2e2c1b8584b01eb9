"""Drawings of solutions in characters, eight dots to a character, for terminals."""

import math
from itertools import pairwise
from typing import NamedTuple

from evoheur.charts.drawing_colours import FRAME, GROUND, series_colour, shade_colour
from evoheur.charts.drawing_scale import PictureAxis, drawn_numbers, equal_lengths
from evoheur.drawing import Drawing, DrawnPoints, DrawnRectangle, LineOfPoints

__all__ = ["TextCell", "drawing_as_text"]

_DOTS_ACROSS, _DOTS_DOWN = 2, 4  # of a character, about as far from one another in both directions
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of Unicode's braille patterns, by row and column
_BRAILLE = 0x2800
_BY_DOTS = " ..::++##"  # for terminals without them: a sign for every number of dots in it
_FREE_SHARE = 0.5  # height by width where axes scale freely
_DITHER = ((0.2, 0.6), (0.8, 0.4))  # above which shade the dots of a filled rectangle are drawn, by row and column


class TextCell(NamedTuple):
    """A character of a picture.

    Attributes:
        sign: The character.
        colour: As "#rrggbb"; empty where nothing is drawn.
    """

    sign: str
    colour: str


def drawing_as_text(drawing: Drawing, *, width: int, height: int, braille: bool = True) -> list[list[TextCell]]:
    """Draw in characters, without title, notes and labels.

    Args:
        drawing: What to draw.
        width: Characters across, at least 1.
        height: Most lines, at least 1.
        braille: Whether the characters of braille can be shown; else ASCII stands for them.

    Returns:
        Lines of `width` characters.
    """
    canvas = _Canvas.of(drawing, width, height)
    for mark in drawing.marks:
        match mark:
            case LineOfPoints():
                canvas.line(mark)
            case DrawnRectangle():
                canvas.rectangle(mark)
            case DrawnPoints():
                canvas.points(mark)
    return canvas.cells(braille=braille)


class _Canvas:
    """Dots with the colour of the character that they are in, the first row at the top.

    Args:
        x: Places dots across.
        y: Places dots down.
        width: Characters across.
        height: Characters down.
    """

    def __init__(self, x: PictureAxis, y: PictureAxis, width: int, height: int) -> None:
        self._x, self._y = x, y
        self._dots = [[0] * width for _ in range(height)]
        self._colours = [[""] * width for _ in range(height)]

    @classmethod
    def of(cls, drawing: Drawing, width: int, height: int) -> "_Canvas":
        xs, ys = drawn_numbers(drawing)
        across, down = _DOTS_ACROSS * width - 1.0, _DOTS_DOWN * height - 1.0
        wide, high = across, min(down, across * _FREE_SHARE)
        if drawing.equal_scale:
            x_span, y_span = (PictureAxis.of(numbers, 0.0, 1.0).half for numbers in (xs, ys))
            wide, high, _ = equal_lengths(x_span, y_span, across, least=0.0, most=down, free=down)
        rows = min(height, math.ceil((high + 1.0) / _DOTS_DOWN))
        return cls(PictureAxis.of(xs, 0.0, wide), PictureAxis.of(ys, high, -high), width, rows)

    def line(self, line: LineOfPoints) -> None:
        """Draw a line through points."""
        colour = series_colour(line.series)
        places = [self._place(x, y) for x, y in zip(line.x, line.y, strict=True)]
        if line.closed:
            places.append(places[0])
        for start, end in pairwise(places):
            self._stroke(start, end, colour)
        self._dot(*places[-1], colour)

    def rectangle(self, box: DrawnRectangle) -> None:
        """Draw a frame, or fill it by its shade.

        With a gap above and at its right, which keeps neighbours apart.
        """
        left, low = self._place(box.x, box.y)
        right, high = self._place(box.x + box.width, box.y + box.height)
        if box.shade is None:
            corners = [(left, low), (right, low), (right, high), (left, high), (left, low)]
            for start, end in pairwise(corners):
                self._stroke(start, end, GROUND)
            return
        colour = shade_colour(0.3 + 0.7 * box.shade)  # the lightest are hard to see
        for down in range(min(high + 1, low), low + 1):
            for across in range(left, max(left + 1, right)):
                if box.shade >= _DITHER[down % 2][across % 2] or (down, across) == (low, left):
                    self._dot(across, down, colour)

    def points(self, points: DrawnPoints) -> None:
        """Draw dots, or blocks of nine for what is special."""
        is_square = points.shape == "square"
        colour = FRAME if is_square else series_colour(points.series)
        reach = 1 if is_square else 0
        for x, y in zip(points.x, points.y, strict=True):
            across, down = self._place(x, y)
            for right in range(across - reach, across + reach + 1):
                for below in range(down - reach, down + reach + 1):
                    self._dot(right, below, colour)

    def cells(self, *, braille: bool) -> list[list[TextCell]]:
        """The characters, row by row."""

        def sign(dots: int) -> str:
            if not dots:
                return " "
            return chr(_BRAILLE + dots) if braille else _BY_DOTS[dots.bit_count()]

        return [
            [TextCell(sign(dots), colour) for dots, colour in zip(*row, strict=True)]
            for row in zip(self._dots, self._colours, strict=True)
        ]

    def _place(self, x: float, y: float) -> tuple[int, int]:
        return round(self._x(x)), round(self._y(y))

    def _dot(self, across: int, down: int, colour: str) -> None:
        row, column = down // _DOTS_DOWN, across // _DOTS_ACROSS
        if 0 <= row < len(self._dots) and 0 <= column < len(self._dots[row]):
            self._dots[row][column] |= _BITS[down % _DOTS_DOWN][across % _DOTS_ACROSS]
            self._colours[row][column] = colour

    def _stroke(self, start: tuple[int, int], end: tuple[int, int], colour: str) -> None:
        steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
        for step in range(steps + 1):
            share = step / steps
            self._dot(round(start[0] + (end[0] - start[0]) * share), round(start[1] + (end[1] - start[1]) * share), colour)
