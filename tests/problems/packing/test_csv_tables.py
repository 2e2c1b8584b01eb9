"""Packing instances as tables."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problems.packing.plain_text import read_plain_text

from .support.reading import contents, refusal

FILE = Path("/data/orders/mine.csv")


def read(text: str) -> list[tuple[str, int, list[int]]]:
    """Name, capacity and sizes of every instance."""
    return contents(read_plain_text(text, FILE))


@pytest.mark.parametrize(
    "text",
    [
        "size,capacity\n6,10\n5,10\n4,10\n",
        "Capacity;Weight\n10;6\n;5\n;4\n",
        "id\tItem Size\tbin_capacity\n1\t6\t10\n2\t5\t10\n3\t4\t10\n",
        "capacity,10\nsize\n6\n5\n4\n",
        "# orders of May\ncapacity 10\nSIZE,Count\n6,1\n5,1\n4,1\n\n,,\n",
        'item,"size",capacity\r\n"box, big",6,10\r\nbox #2,5,10\r\n"""c""",4,10\r\n',
        "item,capacity\n6,10\n5,10\n4,10\n",
        "weight,quantity,C\n0.6,1,1\n0.5,1,1\n0.4,1,1\n",
    ],
)
def test_one_instance_in_every_form(text: str) -> None:
    """Items of 6, 5 and 4 in bins of 10, in this order; headings have any case, and rows may leave a capacity out that is said."""
    assert read(text) == [("mine", 10, [6, 5, 4])]


def test_instances_are_told_apart_by_a_column() -> None:
    """In the order in which they first appear; counts repeat a size in place."""
    text = "instance,size,count,capacity\nb,6,2,10\na,3,1,7\nb,4,1,10\n"
    assert read(text) == [("b", 10, [6, 6, 4]), ("a", 7, [3])]
    assert {draft.family for draft in read_plain_text(text, FILE)} == {"mine"}


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="#", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@given(
    instances=st.dictionaries(
        NAMES, st.tuples(st.integers(1, 10**9), st.lists(st.integers(1, 10**9), min_size=1, max_size=5)), min_size=1, max_size=3
    ),
    delimiter=st.sampled_from(",;\t"),
)
def test_what_a_spreadsheet_writes_is_read_again(instances: dict[str, tuple[int, list[int]]], delimiter: str) -> None:
    """Names with quotes and delimiters included."""
    expected = [(name, capacity, [min(size, capacity) for size in sizes]) for name, (capacity, sizes) in instances.items()]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["instance", "size", "capacity"])
    writer.writerows([name, size, capacity] for name, capacity, sizes in expected for size in sizes)
    assert read(buffer.getvalue()) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("size\n6\n", 'does not say the capacity; add a column "capacity", or a first line "capacity,100"'),
        ("size,capacity\n", "has headings and no item"),
        ("size,capacity\n6\n", "line 2: 1 cells under 2 headings"),
        ("size,capacity\n6,10\n5,11\n", "line 3: the capacity is '11', and '10' before"),
        ("capacity,10\nsize,capacity\n6,12\n", "line 3: the capacity is '12', and '10' before"),
        ("size,count,capacity\n6,0,10\n", "line 2: the count is '0'"),
        ("size,count,capacity\n6,1.5,10\n", "line 2: the count is '1.5'"),
        ("size,count,capacity\n6,,10\n", "line 2: the count is ''"),
        ("size,count,capacity\n6,1000000000,10\n", "line 2: the count is '1000000000'; .* 1000000 items at most"),
        ("size,capacity\nsix,10\n", r"item 0 \(line 2\) is 'six'"),
        ("size;capacity\n3,5;10\n", r"item 0 \(line 2\) is '3,5'"),
        ("size,capacity\n11,10\n", r"item 0 \(line 2\) is 11, larger than the capacity 10"),
        ("size,height,capacity\n6,2,10\n", "the column 'height' is none of size, count, capacity and instance, so what it asks"),
        ("size,conflicts with,capacity\n6,2,10\n", "the column 'conflicts with' is none of"),
        ("weight,volume,capacity\n6,2,10\n", "the columns 'weight' and 'volume' both give the size"),
    ],
)
def test_what_cannot_be_used_is_refused(text: str, reason: str) -> None:
    """A column that nobody asked about could restrict packings, so it is not passed over."""
    with pytest.raises(ConfigError, match=reason):
        read(text)


@given(text=st.text(alphabet=st.sampled_from("0123456789.,;\"'\n\t ab"), max_size=60))
def test_any_text_under_a_heading_is_read_or_refused(text: str) -> None:
    """Nothing else is raised."""
    refused = refusal(read, f"size,capacity\n{text}")
    assert refused is None or str(FILE) in str(refused)
