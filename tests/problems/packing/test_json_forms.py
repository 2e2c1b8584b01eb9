"""Packing instances as JSON under the keys that are in use."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problem import Json
from evoheur.problems.packing.json_forms import read_json

from .support.reading import contents, refusal

FILE = Path("/data/orders/mine.json")


def read(content: Json) -> list[tuple[str, int, list[int]]]:
    """Name, capacity and sizes of every instance."""
    return contents(read_json(content if isinstance(content, str) else json.dumps(content), FILE))


@pytest.mark.parametrize(
    "content",
    [
        {"capacity": 10, "items": [6, 5, 4]},
        {"bin_capacity": 10, "weights": [6, 5, 4]},
        {"C": 10, "w": [6, 5, 4], "n": 3},
        {"W": 10, "w": [6, 5, 4], "counts": [1, 1, 1]},
        {"binSize": 10, "sizes": [6, 5, 4], "num_items": 3, "best_known": 2, "comment": "two bins"},
        {"Capacity": 1, "Item Sizes": [0.6, 0.5, 0.4]},
        {"capacity": 10, "items": [{"size": 6, "id": 0}, {"weight": 5, "label": "b"}, {"w": 4, "count": 1}]},
    ],
)
def test_one_instance_in_every_spelling(content: Json) -> None:
    """Items of 6, 5 and 4 in bins of 10, in this order; the name is the file's."""
    assert read(content) == [("mine", 10, [6, 5, 4])]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ({"instances": [{"name": "a", "capacity": 10, "items": [6]}, {"capacity": 10, "items": [6]}]}, ["a", "mine-1"]),
        ([{"id": 7, "capacity": 10, "items": [6]}, {"capacity": 10, "items": [6]}], ["7", "mine-1"]),
        ({"a": {"capacity": 10, "items": [6]}, "b": {"capacity": 10, "items": [6]}}, ["a", "b"]),
        ({"capacity": 10, "instances": {"a": [6], "b": [6]}}, ["a", "b"]),
        ({"capacity": 10, "instances": [[6], [6]]}, ["mine-0", "mine-1"]),
        ({"OR1": {"a": {"capacity": 10, "items": [6]}}, "OR2": {"b": {"capacity": 10, "items": [6]}}}, ["a", "b"]),
    ],
)
def test_several_instances_in_every_form(content: Json, names: list[str]) -> None:
    """In lists and by name; a capacity may stand above them all."""
    assert read(content) == [(name, 10, [6]) for name in names]


def test_families_are_the_sets() -> None:
    """What "meta" says, else the outer name of sets, else the file."""
    one = {"capacity": 10, "items": [6]}
    families = [
        [draft.family for draft in read_json(json.dumps(content), FILE)]
        for content in ({"meta": {"set": "m"}, "instances": [one]}, {"OR1": {"a": one}, "OR2": {"b": one}}, {"a": one}, one)
    ]
    assert families == [["m"], ["OR1", "OR2"], ["mine"], ["mine"]]


def test_counts_repeat_sizes_in_place() -> None:
    """In a list beside the sizes, or item by item."""
    assert read({"capacity": 10, "weights": [6, 4], "demands": [2, 3]}) == [("mine", 10, [6, 6, 4, 4, 4])]
    assert read({"capacity": 10, "items": [{"size": 6, "quantity": 2}, 4]}) == [("mine", 10, [6, 6, 4])]


@given(
    entries=st.dictionaries(
        st.text(min_size=1, max_size=6).filter(lambda name: name not in {"meta", "instances"}),
        st.tuples(st.integers(1, 10**9), st.lists(st.integers(1, 10**9), min_size=1, max_size=5)),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_written_is_read_again(entries: dict[str, tuple[int, list[int]]]) -> None:
    """As a list and by name."""
    expected = [(name, capacity, [min(size, capacity) for size in sizes]) for name, (capacity, sizes) in entries.items()]
    assert (
        read({"instances": [{"name": name, "capacity": capacity, "items": items} for name, capacity, items in expected]})
        == expected
    )
    assert read({"instances": {name: {"C": capacity, "w": items} for name, capacity, items in expected}}) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["items", "capacity", "instances", "w", "a", "meta"]), inner)
    ),
    max_leaves=12,
)


@given(content=JSON)
def test_any_json_is_read_or_refused_with_the_files_name(content: Json) -> None:
    """Nothing else is raised."""
    refused = refusal(read, json.dumps(content))
    assert refused is None or str(FILE) in str(refused)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is not JSON"),
        (f'{{"capacity": {"9" * 5000}, "items": [1]}}', "is not JSON"),
        ("3", "is 3; expected"),
        ({"items": [1]}, "has no 'capacity'"),
        ({"capacity": 10}, "has no 'items'"),
        ({"a": {"items": [1]}}, "mine.json, 'a' has no 'capacity'"),
        ({"capacity": 10, "items": "6,5"}, "the items are '6,5'"),
        ({"capacity": 10, "items": []}, r"the items are \[\]"),
        ({"capacity": 10, "items": [[6, 5]]}, r"item 0 is \[6, 5\]; give a number"),
        ({"capacity": [10, 20], "items": [1]}, r"the capacity is \[10, 20\]"),
        ({"capacity": None, "items": [1]}, "the capacity is None"),
        ({"capacity": 10, "bin_size": 9, "items": [1]}, "has both 'capacity' and 'bin_size'"),
        ({"capacity": 10, "weights": [1], "sizes": [2]}, "has both 'weights' and 'sizes'"),
        ({"capacity": 10, "items": [1, 2], "counts": [1]}, r"the counts are \[1\]; give a list of 2 whole numbers"),
        ({"capacity": 10, "items": [1], "counts": [0]}, "item 0: the count is 0"),
        ({"capacity": 10, "items": [1], "counts": [10**9]}, "the count is 1000000000; .* 1000000 items at most"),
        ({"capacity": 10, "items": [{"id": 1}]}, "item 0 has no 'size'"),
        (
            {"capacity": 10, "items": [{"size": 1, "height": 2}]},
            "item 0 has 'height', so what that asks of a packing would be left out",
        ),
        (
            {"capacity": 10, "items": [1, 2], "conflicts": [[0, 1]]},
            "has 'conflicts', so what that asks of a packing would be left out",
        ),
        ({"capacity": 10, "items": [1, 2], "max_items_per_bin": 1}, "has 'max_items_per_bin'"),
        ({"name": True, "capacity": 10, "items": [1]}, "the name is True"),
    ],
)
def test_what_cannot_be_used_is_refused(content: Json, reason: str) -> None:
    """A list that nobody asked about could restrict packings, so it is not passed over."""
    with pytest.raises(ConfigError, match=reason):
        read(content)
