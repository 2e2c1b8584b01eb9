"""Drawings of solutions as SVG, written without a drawing library.

Every text is escaped, whatever is in it, and there are neither scripts nor styles nor links, so that a page may hold the picture as it is.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from evoheur.charts.drawing_colours import FRAME, dash_pattern, series_colour, shade_colour
from evoheur.charts.drawing_scale import PictureAxis, drawn_numbers, equal_lengths
from evoheur.drawing import Drawing, DrawnPoints, DrawnRectangle, LineOfPoints

__all__ = ["LABELS_SHOWN", "drawing_as_svg", "labels_of"]

LABELS_SHOWN = 24
"""So many labels of lines are written below a picture; the others are counted."""

_LEAST, _MOST, _FREE_HEIGHT = 120.0, 900.0, 400.0  # heights of pictures; the last of those whose axes scale freely
_MARGIN, _LINE, _LETTER = 12.0, 18.0, 7.0  # pixels: around a picture, of a line of text, about that of a letter
_NAMED = 2000  # marks; with more, none has a word of its own, and points are drawn as one path
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def drawing_as_svg(drawing: Drawing, *, width: int = 640) -> str:
    """Write a drawing as SVG.

    Args:
        drawing: What to draw.
        width: Of the picture, in pixels.

    Returns:
        One `svg` element with its namespace: a file's content, or a part of a page.
    """
    scale = _Scale.of(drawing, width)
    labels = labels_of(drawing)
    left_out = len(labels) - LABELS_SHOWN
    below = [*drawing.notes, *([f"{left_out} more lines are not named here"] if left_out > 0 else [])]
    shown = labels[:LABELS_SHOWN]
    rows = -(-len(shown) // 2)
    height = scale.bottom + _MARGIN + _LINE * (len(below) + rows) + _MARGIN
    body = [_text(_MARGIN, _LINE, drawing.title, width, bold=True), *_marks(drawing, scale)]
    body += [_text(_MARGIN, scale.bottom + _LINE * (number + 1.2), line, width) for number, line in enumerate(below)]
    top = scale.bottom + _LINE * (len(below) + 1.2)
    for number, (series, label) in enumerate(shown):
        column, row = divmod(number, rows)
        x, y = _MARGIN + column * width / 2, top + row * _LINE
        body.append(f'<path d="M{x:g} {y - 4:g}h18" {_stroke(series)} stroke-width="3"/>')
        body.append(_text(x + 24, y, label, width / 2 - 30))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{_escaped(drawing.title)}</title>'
        f'<rect width="{width}" height="{height:g}" fill="#ffffff"/>{"".join(body)}</svg>\n'
    )


def labels_of(drawing: Drawing) -> list[tuple[int | None, str]]:
    """The labelled lines of a drawing: series and label, in order."""
    return [(mark.series, mark.label) for mark in drawing.marks if isinstance(mark, LineOfPoints) and mark.label]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Both directions, and the lower end of the picture in pixels."""

    x: PictureAxis
    y: PictureAxis
    bottom: float

    @classmethod
    def of(cls, drawing: Drawing, width: int) -> "_Scale":
        xs, ys = drawn_numbers(drawing)
        across, top = width - 2 * _MARGIN, 1.5 * _LINE + _MARGIN
        wide, high, height = across, _FREE_HEIGHT, _FREE_HEIGHT
        if drawing.equal_scale:
            x_span, y_span = (PictureAxis.of(numbers, 0.0, 1.0).half for numbers in (xs, ys))
            wide, high, height = equal_lengths(x_span, y_span, across, least=_LEAST, most=_MOST, free=_FREE_HEIGHT)
        x = PictureAxis.of(xs, _MARGIN + (across - wide) / 2, wide)
        y = PictureAxis.of(ys, top + (height + high) / 2, -high)
        return cls(x=x, y=y, bottom=top + height + _MARGIN)


def _marks(drawing: Drawing, scale: _Scale) -> Iterator[str]:
    named = len(drawing.parts) <= _NAMED
    for mark in drawing.marks:
        match mark:
            case LineOfPoints():
                yield _line(mark, scale)
            case DrawnRectangle():
                yield _rectangle(mark, scale, named=named)
            case DrawnPoints():
                yield _points(mark, scale) if named or mark.shape == "square" else _path_of_points(mark, scale)


def _line(line: LineOfPoints, scale: _Scale) -> str:
    places = " ".join(f"{scale.x(x):.2f},{scale.y(y):.2f}" for x, y in zip(line.x, line.y, strict=True))
    element = "polygon" if line.closed else "polyline"
    title = f"<title>{_escaped(line.label)}</title>" if line.label else ""
    return f'<{element} points="{places}" fill="none" {_stroke(line.series)} stroke-width="1.5">{title}</{element}>'


def _rectangle(box: DrawnRectangle, scale: _Scale, *, named: bool) -> str:
    left, right = scale.x(box.x), scale.x(box.x + box.width)
    low, high = scale.y(box.y), scale.y(box.y + box.height)
    words = ", ".join(word for word in (box.part, box.label) if word)
    frame, thick = (FRAME, 1.0 if named else 0.4) if box.shade is None else ("#ffffff", 0.4 if named else 0.1)
    return (
        f'<rect x="{left:.2f}" y="{high:.2f}" width="{max(0.0, right - left):.2f}" height="{max(0.0, low - high):.2f}" '
        f'fill="{shade_colour(box.shade)}" stroke="{frame}" stroke-width="{thick}">'
        f"{f'<title>{_escaped(words)}</title>' if words and named else ''}</rect>"
    )


def _points(points: DrawnPoints, scale: _Scale) -> str:
    colour = series_colour(points.series) if points.shape == "dot" else FRAME
    drawn = []
    for number, (x, y) in enumerate(zip(points.x, points.y, strict=True)):
        right, down = scale.x(x), scale.y(y)
        title = f"<title>{_escaped(points.parts[number])}</title>" if points.parts else ""
        if points.shape == "dot":
            drawn.append(f'<circle cx="{right:.2f}" cy="{down:.2f}" r="3" fill="{colour}">{title}</circle>')
        else:
            drawn.append(f'<rect x="{right - 5:.2f}" y="{down - 5:.2f}" width="10" height="10" fill="{colour}">{title}</rect>')
    return "".join(drawn)


def _path_of_points(points: DrawnPoints, scale: _Scale) -> str:
    places = "".join(f"M{scale.x(x):.1f} {scale.y(y):.1f}h0" for x, y in zip(points.x, points.y, strict=True))
    return f'<path d="{places}" stroke="{series_colour(points.series)}" stroke-width="3" stroke-linecap="round" fill="none"/>'


def _stroke(series: int | None) -> str:
    dashes = dash_pattern(series)
    dashed = f' stroke-dasharray="{" ".join(map(str, dashes))}"' if dashes else ""
    return f'stroke="{series_colour(series)}"{dashed}'


def _text(x: float, y: float, text: str, room: float, *, bold: bool = False) -> str:
    most = max(8, int(room / _LETTER))
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}"{weight}>{_escaped(cut)}</text>'


def _escaped(text: str) -> str:
    """Text as XML can hold it; what none may have, such as terminal escapes, is replaced."""
    return html.escape(_UNWRITABLE.sub("\ufffd", text))
