"""Family trees in pixels: boxes within the drawing, the eldest on top, lit lines above the others."""

from evoheur.charts.family_tree import family_around, family_of
from evoheur.ui.family_drawing import drawn_family
from tests.evoheur.charts.support.families import bred


def test_every_box_and_line_is_within_the_drawing() -> None:
    drawing = drawn_family(family_of("r", bred({0: (), 1: (0,), 2: (0,), 3: (1, 2)}, {3: 1.0}), champion=3))
    assert [each.node.number for each in drawing.nodes] == [0, 1, 2, 3]
    assert all(37 <= each.x <= drawing.width - 37 and 17 <= each.y <= drawing.height - 17 for each in drawing.nodes)
    assert [each.y for each in drawing.nodes] == [29.0, 103.0, 103.0, 177.0]
    assert [edge.classes for edge in drawing.edges] == ["other", "", "line", "line"]


def test_generations_without_anybody_take_no_place() -> None:
    chain = bred({number: (number - 1,) if number else () for number in range(100)})
    drawing = drawn_family(family_around("r", chain, 99, generations=2))
    assert [each.y for each in drawing.nodes] == [29.0, 103.0, 177.0]


def test_an_only_candidate_stands_in_the_middle() -> None:
    drawing = drawn_family(family_of("r", bred({0: ()}), champion=None))
    [only] = drawing.nodes
    assert (only.x, only.y) == (drawing.width / 2, 29.0)
    assert drawing.edges == ()
