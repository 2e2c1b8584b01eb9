"""What waits for the night, and that the day keeps some of everything."""

import pytest

from tests.support.night_shift import ONE_IN, REPEATED, send_into_the_night, stale_entries

pytest_plugins = ["pytester"]

_MODULE = """
import pytest

@pytest.mark.parametrize("name", ["a", pytest.param("b", marks=pytest.mark.nightly), "c", "d", "e"])
def test_variants(name): pass

def test_long(): pass

def test_other(): pass
"""


@pytest.fixture
def items(pytester: pytest.Pytester) -> list[pytest.Item]:
    pytester.makeini("[pytest]\nmarkers =\n    nightly: waits\n")
    return pytester.getitems(_MODULE)


def left_by_day(items: list[pytest.Item]) -> list[str]:
    return [item.name for item in items if not item.get_closest_marker("nightly")]


def test_one_of_so_many_variants_stays(items: list[pytest.Item]) -> None:
    """The first of those that are not in the night anyway."""
    [function] = {item.nodeid.partition("[")[0] for item in items if "[" in item.nodeid}
    send_into_the_night(items, {function: 2}, {})
    assert left_by_day(items) == ["test_variants[a]", "test_variants[d]", "test_long", "test_other"]


def test_what_is_repeated_waits(items: list[pytest.Item]) -> None:
    send_into_the_night(items, {}, {"*::test_long": "the other one"})
    assert left_by_day(items) == [f"test_variants[{name}]" for name in "acde"] + ["test_other"]


def test_a_variant_that_is_repeated_is_none_of_those_that_stay(items: list[pytest.Item]) -> None:
    [function] = {item.nodeid.partition("[")[0] for item in items if "[" in item.nodeid}
    send_into_the_night(items, {function: 2}, {"*[[]a]": "another"})
    assert left_by_day(items) == ["test_variants[c]", "test_variants[e]", "test_long", "test_other"]


def test_entries_that_name_nothing_are_found(items: list[pytest.Item]) -> None:
    ids = [item.nodeid for item in items]
    assert stale_entries(ids, {"gone.py::test": 3}, {"*::test_long": "the other one", "*::test_gone": "nothing"}) == [
        "gone.py::test",
        "*::test_gone",
    ]
    assert stale_entries(ids) == [*ONE_IN, *REPEATED]
