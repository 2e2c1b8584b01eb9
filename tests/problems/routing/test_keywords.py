"""Entries and sections, however they are written."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problems.routing.keywords import HARMLESS, decoded_text, read_keywords, refuse_others

from .support.written import saved, written

ENTRIES = {"NAME": "five", "TYPE": "CVRP", "DIMENSION": "2", "CAPACITY": "2.5", "EDGE_WEIGHT_TYPE": "EUC_2D"}
SECTIONS = {"NODE_COORD_SECTION": ["1 0 0", "2 1e1 -.5"], "DEMAND_SECTION": ["1 0", "2 1"], "DEPOT_SECTION": ["1", "-1"]}


@given(data=written(ENTRIES, SECTIONS))
def test_all_ways_to_write_a_file_say_the_same(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Upper and lower case, colons with and without spaces or missing, tabs, line ends, byte-order marks, encodings, orders."""
    text = read_keywords(saved(tmp_path_factory.mktemp("any"), "a.vrp", data))
    assert {key: value for key, value in text.entries.items() if key == "NAME"} == {"NAME": "five"}
    assert {key: text.word(key, "") for key in ENTRIES if key != "NAME"} == {k: v for k, v in ENTRIES.items() if k != "NAME"}
    assert text.sections == {key: " ".join(rows).split() for key, rows in SECTIONS.items()}
    assert text.numbers("NODE_COORD_SECTION").tolist() == [1.0, 0.0, 0.0, 2.0, 10.0, -0.5]
    assert text.whole("DIMENSION", "a number") == 2


@given(data=st.binary(max_size=300) | st.text(alphabet="NAMEDPOTSECTIONVHL_: 0123456789.-#\n", max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Nothing but a refusal is raised."""
    file = saved(tmp_path_factory.mktemp("any"), "a.vrp", data)
    with suppress(ConfigError):
        text = read_keywords(file)
        refuse_others(text, (), "test")
        assert set(text.entries) | set(text.sections) <= HARMLESS | {
            key for key, words in text.sections.items() if not words or words == ["-1"]
        }


def test_a_word_that_is_no_text_of_utf_8_is_latin_1(tmp_path: Path) -> None:
    """As comments of old files are."""
    assert decoded_text(saved(tmp_path, "a", "Köln".encode("latin-1"))) == "Köln"
    assert decoded_text(saved(tmp_path, "b", "Köln".encode())) == "Köln"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("five cities by the sea", "is neither KEY : VALUE nor part of a section"),
        ("CAPACITY : 5\nCAPACITY : 6", "CAPACITY comes twice, as '5' and '6'; leave one of them"),
        ("DEPOT_SECTION\n1\nDEPOT_SECTION\n2", "DEPOT_SECTION comes twice"),
    ],
)
def test_what_has_two_meanings_or_none_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    """With the line or the keyword."""
    with pytest.raises(ConfigError, match=reason):
        read_keywords(saved(tmp_path, "a.vrp", text.encode()))


def test_what_is_said_twice_alike_is_said_once(tmp_path: Path) -> None:
    """It restricts nothing more."""
    assert (
        read_keywords(saved(tmp_path, "a.vrp", b"CAPACITY : 5\nCAPACITY: 5\nCOMMENT: a\nCOMMENT: b")).entries["CAPACITY"] == "5"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "FIXED_EDGES_SECTION\n1 2\n-1",
            r"FIXED_EDGES_SECTION \(edges that every tour has to use\) is not handled by the test problems",
        ),
        ("TIME_WINDOW_SECTION\n1 0 9", r"TIME_WINDOW_SECTION \(time windows\)"),
        ("VEHICLES 5", r"VEHICLES \(the size of a fleet\)"),
        ("MAX_TURNS : 3", r"MAX_TURNS is not known, and could restrict the solutions; .* \(known are .*NAME"),
        ("COLOUR_SECTION\n1 2", r"COLOUR_SECTION is not known"),
    ],
)
def test_what_could_restrict_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    """Whether we know what it means or not."""
    with pytest.raises(ConfigError, match=reason):
        refuse_others(read_keywords(saved(tmp_path, "a.tsp", text.encode())), (), "test")


def test_an_empty_section_restricts_nothing(tmp_path: Path) -> None:
    """Nor does one with its end mark alone."""
    text = read_keywords(saved(tmp_path, "a.tsp", b"FIXED_EDGES_SECTION\n-1\nCOLOUR_SECTION\nEOF"))
    assert {"FIXED_EDGES_SECTION", "COLOUR_SECTION"} <= set(text.sections)
    refuse_others(text, (), "test")


@pytest.mark.parametrize("value", ["0", "-3", "2.5", "five", "", "1e3", "9999999999"])
def test_a_number_of_things_is_whole_and_positive(tmp_path: Path, value: str) -> None:
    """The message says what the number is of."""
    text = read_keywords(saved(tmp_path, "a.vrp", f"VEHICLES : {value}".encode()))
    with pytest.raises(ConfigError, match=r"VEHICLES is .*; it must be the number of vehicles"):
        text.whole("VEHICLES", "the number of vehicles")
