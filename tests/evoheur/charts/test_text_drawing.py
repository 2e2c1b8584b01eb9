"""Drawings in characters: each mark where it belongs, and nothing outside the picture, whatever its numbers are."""

from hypothesis import given
from hypothesis import strategies as st

from evoheur.charts.drawing_colours import series_colour
from evoheur.charts.text_drawing import drawing_as_text
from evoheur.drawing import Drawing, DrawnPoints, DrawnRectangle, LineOfPoints, Mark
from tests.evoheur.charts.test_solution_drawing import marks


def drawn(*marks: Mark, width: int = 4, height: int = 2, braille: bool = True, equal_scale: bool = True) -> list[str]:
    drawing = Drawing(title="", marks=marks, equal_scale=equal_scale)
    return ["".join(cell.sign for cell in row) for row in drawing_as_text(drawing, width=width, height=height, braille=braille)]


def test_a_closed_line_is_a_square_of_dots() -> None:
    """Eight dots across and down, which are four characters and two lines."""
    square = LineOfPoints(x=(0.0, 1.0, 1.0, 0.0), y=(0.0, 0.0, 1.0, 1.0), closed=True)
    assert drawn(square) == ["⡏⠉⠉⢹", "⣇⣀⣀⣸"]
    assert drawn(square, braille=False) == ["+..+", "+..+"]


def test_both_directions_have_one_scale_and_up_is_up() -> None:
    rise = LineOfPoints(x=(0.0, 1.0), y=(0.0, 1.0))
    assert drawn(rise, width=8, height=2) == ["  ⡠⠊    ", "⡠⠊      "]
    flat = LineOfPoints(x=(0.0, 1.0), y=(3.0, 3.0))
    assert drawn(flat, width=3, height=5) == ["⠉⠉⠉"]


def test_filled_boxes_are_the_fuller_the_darker_and_stand_apart() -> None:
    boxes = [DrawnRectangle(x=x, y=0.0, width=1.0, height=1.0, shade=shade) for x, shade in ((0.0, 0.0), (1.0, 0.5), (2.0, 1.0))]
    frame = DrawnRectangle(x=0.0, y=0.0, width=3.0, height=1.0)
    rows = drawn(*boxes, width=12, height=4, braille=True)
    dots = [sum((ord(sign) - 0x2800).bit_count() for row in rows for sign in row[at : at + 4] if sign != " ") for at in (0, 4, 8)]
    assert 0 < dots[0] < dots[1] < dots[2]
    assert drawn(frame, width=6, height=1) == ["⣏⣉⣉⣉⣹ "]


def test_a_character_has_the_colour_of_what_was_drawn_last() -> None:
    places = DrawnPoints(x=(0.0, 1.0), y=(0.0, 0.0), series=3)
    [row] = drawing_as_text(Drawing(title="", marks=(LineOfPoints(x=(0.0, 1.0), y=(0.0, 0.0)), places)), width=3, height=1)
    assert [cell.colour for cell in row] == [series_colour(3), series_colour(0), series_colour(3)]


@given(st.lists(marks, max_size=4), st.integers(1, 12), st.integers(1, 5), st.booleans(), st.booleans())
def test_any_drawing_fits(made: list[Mark], width: int, height: int, equal_scale: bool, braille: bool) -> None:
    rows = drawn(*made, width=width, height=height, equal_scale=equal_scale, braille=braille)
    assert 1 <= len(rows) <= height
    assert {len(row) for row in rows} == {width}
    assert any(sign != " " for row in rows for sign in row) == bool(made)
