"""Drawings as SVG: well-formed whatever is drawn, everything inside the picture, and no text becomes markup."""

import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.charts.drawing_colours import dash_pattern, series_colour, shade_colour
from evoheur.charts.solution_drawing import LABELS_SHOWN, drawing_as_svg, labels_of
from evoheur.drawing import Drawing, DrawnPoints, DrawnRectangle, LineOfPoints, Mark

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>alert(1)</script><a href='https://example.org'>&\"\x1b[31m\x00\ud800]]>"

_finite = st.floats(allow_nan=False, allow_infinity=False)
_half = st.floats(min_value=-8e307, max_value=8e307)
_sizes = st.floats(min_value=0.0, max_value=8e307)
_series = st.none() | st.integers(0, 50)
_words = st.text(st.characters(), max_size=12)


@st.composite
def _points(draw: st.DrawFn) -> DrawnPoints:
    places = draw(st.lists(st.tuples(_finite, _finite), min_size=1, max_size=5))
    x, y = zip(*places, strict=True)
    parts = draw(st.just(()) | st.tuples(*[_words] * len(places)))
    return DrawnPoints(x=x, y=y, parts=parts, series=draw(_series), shape=draw(st.sampled_from(["dot", "square"])))


@st.composite
def _lines(draw: st.DrawFn) -> LineOfPoints:
    x, y = zip(*draw(st.lists(st.tuples(_finite, _finite), min_size=1, max_size=5)), strict=True)
    return LineOfPoints(x=x, y=y, series=draw(_series), closed=draw(st.booleans()), label=draw(_words))


_boxes = st.builds(
    DrawnRectangle,
    x=_half,
    y=_half,
    width=_sizes,
    height=_sizes,
    part=_words,
    label=_words,
    shade=st.none() | st.floats(0, 1),
)
marks = _points() | _lines() | _boxes
"""Marks of all kinds, with any finite numbers."""

_drawings = st.builds(
    Drawing,
    title=_words,
    marks=st.lists(marks, max_size=5).map(tuple),
    notes=st.lists(_words, max_size=3).map(tuple),
    equal_scale=st.booleans(),
)


def drawn(*marks: Mark, equal_scale: bool = True, title: str = "t", width: int = 640) -> ET.Element:
    return ET.fromstring(drawing_as_svg(Drawing(title=title, marks=marks, equal_scale=equal_scale), width=width))


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)]


@given(_drawings)
def test_any_drawing_is_well_formed_and_inside_its_picture(drawing: Drawing) -> None:
    root = ET.fromstring(drawing_as_svg(drawing))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert math.isfinite(height)
    allowed = {"svg", "title", "rect", "circle", "polygon", "polyline", "path", "text"}
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in allowed
        for name, limit in {"x": width, "cx": width, "y": height, "cy": height}.items():
            assert -1 <= float(element.attrib.get(name, "0")) <= limit
        for place in element.attrib.get("points", "").split():
            x, y = map(float, place.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height


def test_hostile_texts_are_shown_as_text() -> None:
    box = DrawnRectangle(x=0, y=0, width=1, height=1, part=HOSTILE, label=HOSTILE, shade=0.5)
    line = LineOfPoints(x=(0.0, 1.0), y=(0.0, 1.0), label=HOSTILE)
    points = DrawnPoints(x=(0.5,), y=(0.5,), parts=(HOSTILE,))
    svg = drawing_as_svg(Drawing(title=HOSTILE, marks=(box, line, points), notes=(HOSTILE,)))
    root = ET.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg",
        "title",
        "rect",
        "path",
        "polyline",
        "circle",
        "text",
    }
    assert "\x1b" not in svg
    assert "<script" not in svg
    assert sum("<script>alert(1)</script>" in (element.text or "") for element in root.iter()) >= 5


def test_one_step_is_as_long_in_both_directions_on_a_map() -> None:
    root = drawn(DrawnPoints(x=(0.0, 4.0, 4.0), y=(0.0, 0.0, 3.0)))
    places = [(float(each.attrib["cx"]), float(each.attrib["cy"])) for each in root.iter(f"{SVG}circle")]
    assert places[1][0] - places[0][0] == pytest.approx(616.0)
    assert places[1][1] - places[2][1] == pytest.approx(616.0 * 3 / 4, abs=0.02)


@pytest.mark.parametrize("x", [(0.0, 1.0), (0.0, 0.0)])
def test_a_chart_that_scales_freely_fills_its_height(x: tuple[float, float]) -> None:
    root = drawn(DrawnPoints(x=x, y=(0.0, 1e-9)), equal_scale=False)
    first, second = [float(each.attrib["cy"]) for each in root.iter(f"{SVG}circle")]
    assert first - second == pytest.approx(400.0)


def test_a_map_higher_than_wide_stays_within_the_largest_height() -> None:
    root = drawn(LineOfPoints(x=(0.0, 1.0), y=(0.0, 1000.0)))
    assert float(root.attrib["height"]) < 1000


def test_rectangles_stand_upwards() -> None:
    """The lower one of two is nearer to the bottom of the picture, where y is larger."""
    low = DrawnRectangle(x=0, y=0, width=1, height=1, part="low", shade=0.0)
    high = DrawnRectangle(x=0, y=1, width=1, height=3, part="high", shade=1.0)
    _, first, second = drawn(low, high).findall(f"{SVG}rect")
    assert float(first.attrib["y"]) == pytest.approx(float(second.attrib["y"]) + float(second.attrib["height"]))
    assert float(second.attrib["height"]) == pytest.approx(3 * float(first.attrib["height"]), abs=0.02)


def test_every_part_has_its_word_until_there_are_too_many() -> None:
    def titles(count: int) -> int:
        places = tuple(map(float, range(count)))
        points = DrawnPoints(x=places, y=places, parts=tuple(f"city {number}" for number in range(count)))
        return sum(1 for _ in drawn(points).iter(f"{SVG}circle"))

    assert titles(2000) == 2000
    assert titles(2001) == 0
    many = drawn(DrawnPoints(x=tuple(map(float, range(2001))), y=(0.0,) * 2001, parts=tuple(map(str, range(2001)))))
    [path] = many.findall(f"{SVG}path")
    assert path.attrib["d"].count("M") == 2001


def test_labels_beyond_the_first_are_counted() -> None:
    lines = tuple(LineOfPoints(x=(0.0, 1.0), y=(0.0, float(n)), series=n, label=f"route {n}") for n in range(LABELS_SHOWN + 3))
    drawing = Drawing(title="t", marks=lines)
    texts = [element.text for element in ET.fromstring(drawing_as_svg(drawing)).iter(f"{SVG}text")]
    assert labels_of(drawing)[2] == (2, "route 2")
    assert texts == ["t", "3 more lines are not named here", *(f"route {n}" for n in range(LABELS_SHOWN))]


def test_series_are_told_apart_by_colour_and_then_by_dashes() -> None:
    seen = {(series_colour(series), dash_pattern(series)) for series in range(28)}
    assert len(seen) == 28
    assert [shade_colour(shade) for shade in (None, 0.0, 1.0)] == ["none", "#deebf7", "#084594"]
