"""Where the numbers of a drawing lie in a picture of any unit, pixels or dots of a terminal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evoheur.drawing import Drawing, DrawnRectangle

__all__ = ["PictureAxis", "drawn_numbers", "equal_lengths"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureAxis:
    """One direction: where its numbers lie in the picture.

    Halves are subtracted, since a span may be larger than the largest number.

    Attributes:
        low: The lowest number.
        half: Half of the span of the numbers.
        start: Where the lowest lies in the picture.
        length: From there to the highest; negative for a direction that goes the other way.
    """

    low: float
    half: float
    start: float
    length: float

    @classmethod
    def of(cls, numbers: Sequence[float], start: float, length: float) -> "PictureAxis":
        """The axis of some numbers."""
        low = min(numbers, default=0.0)
        return cls(low=low, half=max(numbers, default=0.0) / 2 - low / 2, start=start, length=length)

    def __call__(self, number: float) -> float:
        """Where a number lies; one without a span in the middle."""
        share = (number / 2 - self.low / 2) / self.half if self.half > 0 else 0.5
        return self.start + self.length * min(1.0, max(0.0, share))


def equal_lengths(
    x_span: float, y_span: float, across: float, *, least: float, most: float, free: float
) -> tuple[float, float, float]:
    """Width and height of a drawing at one scale for both directions, and the height of its picture.

    Args:
        x_span: To the right, in the drawing's units; at least 0, as all here.
        y_span: Upwards.
        across: The width of the picture.
        least: Its least height.
        most: Its largest height.
        free: Its height where nothing goes to the right.
    """
    longest = max(x_span, y_span)
    if longest == 0.0:
        return 0.0, 0.0, least
    x_share, y_share = x_span / longest, y_span / longest  # one of them is 1
    height = min(most, max(least, across * (y_share / x_share))) if x_share > 0.0 else free
    step = min(across / x_share if x_share > 0.0 else math.inf, height / y_share if y_share > 0.0 else math.inf)
    return x_share * step, y_share * step, height


def drawn_numbers(drawing: Drawing) -> tuple[list[float], list[float]]:
    """All numbers of a drawing's marks, to the right and upwards."""
    xs: list[float] = []
    ys: list[float] = []
    for mark in drawing.marks:
        if isinstance(mark, DrawnRectangle):
            xs += [mark.x, mark.x + mark.width]
            ys += [mark.y, mark.y + mark.height]
        else:
            xs += mark.x
            ys += mark.y
    return xs, ys
