"""Packing instances as plain numbers, in the forms that people have them in."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problems.packing.plain_text import read_plain_text

from .support.reading import contents, refusal

FILE = Path("/data/orders/mine.txt")


def read(text: str) -> list[tuple[str, int, list[int]]]:
    """Name, capacity and sizes of every instance."""
    return contents(read_plain_text(text, FILE))


@pytest.mark.parametrize(
    "text",
    [
        "3\n10\n6\n5\n4\n",
        "3\r\n10\r\n6\r\n5\r\n4\r\n\r\n\r\n",
        "3 10\n\n6 5\t4",
        "  3\n\t10\n6\n5 # the long one\n4\n# end",
        "capacity 10\n6\n5\n4",
        "Capacity: 10\n6,5,4\n",
        "# my orders\nBin capacity = 10\n6; 5; 4;",
        "bin_size,10\n6\n5\n4\n",
        "capacity\t10\n6 5\n4",
        "capacity: 1\n0.6\n.5\n0.4",
        "2\n10\n6 1\n5 1\n4 1".replace("2", "3", 1),
    ],
)
def test_one_instance_in_every_form(text: str) -> None:
    """Items of 6, 5 and 4 in bins of 10, in this order; the name is the file's."""
    assert read(text) == [("mine", 10, [6, 5, 4])]


def test_cutting_stock_repeats_sizes_in_place() -> None:
    """Two of 6, then three of 4."""
    assert read("2\n10\n6 2\n4 3\n") == [("mine", 10, [6, 6, 4, 4, 4])]
    assert read("2 10\n6 2\n4 3\n") == [("mine", 10, [6, 6, 4, 4, 4])]


def test_a_set_has_names_capacities_and_best_known_bins() -> None:
    """The OR-Library's form; a name may have blanks around it, and the best known number may be missing."""
    text = " 2 \n u120_00\n 10 3 2\n6\n5\n4\n second one\n 7.5 1\n7\n"
    assert read(text) == [("u120_00", 10, [6, 5, 4]), ("second one", 75, [70])]
    assert [draft.reference for draft in read_plain_text(text, FILE)] == [2.0, None]
    assert [draft.family for draft in read_plain_text(text, FILE)] == ["mine", "mine"]


def test_a_single_instance_belongs_to_its_folder() -> None:
    """As the published sets are kept: a folder per class."""
    assert [draft.family for draft in read_plain_text("1 5 5", FILE)] == ["orders"]


@given(capacity=st.integers(1, 10**9), data=st.data())
def test_what_is_written_in_any_form_is_read_again(capacity: int, data: st.DataObject) -> None:
    """The same capacity, and the same sizes in the same order."""
    sizes = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=12))
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    between = data.draw(st.sampled_from([end, ", ", "\t", "; ", " # said\n"]))
    listed = between.join(map(str, sizes))
    expected = [("mine", capacity, sizes)]
    assert read(f"capacity {capacity}{end}{listed}{end}") == expected
    assert read(f"{len(sizes)}{end}{capacity}{end}{listed}{end}") == expected
    assert read(f"1{end}one{end}{capacity} {len(sizes)} 1{end}{listed}{end}") == [("one", capacity, sizes)]
    rows = end.join(f"{size} 1" for size in sizes)
    assert read(f"{len(sizes)}{end}{capacity}{end}{rows}{end}") == expected


@given(text=st.text(alphabet=st.sampled_from("0123456789.,;-+eE #:ab\n\r\t\ufeffcapsizen"), max_size=60))
def test_any_text_is_read_or_refused_with_the_files_name(text: str) -> None:
    """Nothing else is raised."""
    refused = refusal(read, text)
    assert refused is None or str(FILE) in str(refused)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds nothing"),
        ("# only a comment\n\n", "holds nothing"),
        ("6\n5\n4\n", 'holds 3 numbers, the first being 6, .* put a first line "capacity 100" above it'),
        ("7", "holds 1 numbers"),
        ("3\n10\n6\n5\n", "neither how many sizes follow"),
        ("3\n10\n6\n5\n4\n4\n", "neither how many sizes follow"),
        ("capacity 10\n", "has no item"),
        ("capacity ten\n6\n", "line 1: 'capacity' is no number"),
        ("capacity 10\n6\nfive\n", "line 3: 'five' is no number"),
        ("capacity 10\n6\n11\n", r"item 1 \(line 3\) is 11, larger than the capacity 10"),
        ("2\n10\n6 2\n4 0\n", "line 4: '0' is no whole number"),
        ("2\n10\n6 2\n4 1.5\n", "line 4: '1.5' is no whole number"),
        ("2\na\n10 1 1\n6\n", "ends after 1 of the 2 instances"),
        ("1\na\n10 2 1\n6\n", "line 3: 'a' has 2 items, but 1 sizes follow"),
        ("1\na\n10 1 1\n6\n5\n", "line 5: more follows after the 1 instances"),
        ("2\na\n10 1 1\n6\nb\n10\n6\n", "line 6: expected capacity"),
        ("1\na\n10 1e999999999 1\n6\n", "is no whole number"),
    ],
)
def test_what_has_no_form_is_refused_with_what_to_add(text: str, reason: str) -> None:
    """The line, the value, the remedy."""
    with pytest.raises(ConfigError, match=reason):
        read(text)
