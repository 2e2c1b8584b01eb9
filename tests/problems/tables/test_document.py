"""The Markdown of the tables."""

from dataclasses import replace
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problems.tables.data_sets import DATA_SETS, BaselineTable, DataSet, PublishedFigure
from evoheur.problems.tables.document import block, block_with, rewritten, text_of

from .test_measure import score

PLACES = """before

<!-- one: written by a program -->
old
<!-- end of one -->

<!-- two: written by a program -->
<!-- end of two -->
"""


def test_only_what_is_between_the_marks_changes() -> None:
    """Text around it and other places stay, and writing twice is writing once."""
    once = rewritten(PLACES, {"one": "| new \\1 |"})
    assert once == PLACES.replace("old\n", "\n| new \\1 |\n\n")
    assert rewritten(once, {"one": "| new \\1 |"}) == once


def test_a_missing_place_is_refused() -> None:
    """The message holds the lines to add."""
    with pytest.raises(ConfigError, match=r"no place for three; add the lines <!-- three: written by a program -->"):
        rewritten(PLACES, {"one": "", "three": ""})


def test_the_document_has_a_place_for_every_data_set() -> None:
    """Each of them filled with a table."""
    document = (Path(__file__).parents[3] / "docs" / "textbook-rules.md").read_text(encoding="utf-8")
    rewritten(document, {data.name: "" for data in DATA_SETS})
    for data in DATA_SETS:
        for table in data.tables:
            assert f"**`{table.problem}`**" in document.split(f"<!-- {data.name}: ")[1].split("<!-- end")[0]


def test_a_block_holds_command_checks_gaps_and_the_smallest_gap() -> None:
    """A cell is mean / worst gap and seconds; a check compares at one decimal, and says by how much it fails."""
    table = BaselineTable(
        problem="tsp_gls",
        settings={"perturbations": 2000},
        checks=(
            PublishedFigure(what="fits", rule="a", low=14.0, high=15.0),
            PublishedFigure(what="does not", rule="b", family="f", low=10.0, high=14.0),
            PublishedFigure(what="not there", rule="a", family="g", low=10.0, high=14.0),
        ),
    )
    data = DataSet(name="mine", folders=("mine",), family=str, tables=(table,))
    found = [score("a", family="f", cost=11.0), score("a", family="f"), score("b", family="f", cost=11.45)]
    text = block(data, [(table, [*found, score("b", family="f", cost=11.45)])])
    assert text.startswith("`make textbook-rules DATA=$EVOHEUR_DATA ONLY=mine`\n\n| checked against")
    assert "| fits | 14.0 to 15.0 | 15.00 | - |" in text
    assert "| does not | 10.0 to 14.0 | 14.50 | 0.5 |" in text
    assert "| not there | 10.0 to 14.0 | no such files | - |" in text
    assert "**`tsp_gls`**, perturbations: 2,000: mean / worst gap in %" in text
    assert "| f | 2 | 15.00 / 20.00, 0.500 | 14.50 / 14.50, 0.500 |" in text
    assert text.endswith("Smallest gap over proven optima 10.000 % (a on made-up).")


def test_a_gap_of_less_than_the_digits_of_a_reference_is_0() -> None:
    """Files list costs with some six digits."""
    data = DataSet(name="mine", folders=("mine",), family=str, tables=(BaselineTable(problem="tsp_gls"),))
    found = [score("a", cost=9.9999999), replace(score("a", cost=9.9999999), proven=False)]
    text = block(data, [(data.tables[0], found)])
    assert text.endswith("Smallest gap over proven optima 0.000 % (a on made-up); over best known values 0.000 % (a on made-up).")


def test_some_tables_are_remade_and_the_others_stay() -> None:
    """A table that the block lacks comes in its order; lines of checks are those of the new scores."""
    check = PublishedFigure(what="fits", rule="a", low=14.0, high=15.0)
    gls, kicks = BaselineTable(problem="tsp_gls", checks=(check,)), BaselineTable(problem="tsp_kicks", settings={"on": True})
    data = DataSet(name="one", folders=("one",), family=str, tables=(gls, kicks, BaselineTable(problem="tsp_aco")))
    first, second = [score("a", cost=11.0)], [score("a", cost=11.45)]
    old = block(data, [(gls, first), (data.tables[2], first)])
    assert block_with(old, data, [(kicks, second)]) == block(data, [(gls, first), (kicks, second), (data.tables[2], first)])
    assert block_with(old, data, [(gls, second)]) == block(data, [(gls, second), (data.tables[2], first)])
    assert "| fits | 14.0 to 15.0 | 14.50 | - |" in block_with(old, data, [(gls, second)])
    assert block_with("", data, [(gls, first)]) == block(data, [(gls, first)])
    assert "**`tsp_kicks`**, on: true: mean" in block(data, [(kicks, first)])
    assert text_of(PLACES, "one") == "old\n"
    assert text_of(PLACES, "three") == ""


def test_a_mean_of_nothing_has_no_sign() -> None:
    """A cost below its reference by less than the digits shown."""
    data = DataSet(name="one", folders=("one",), family=str, tables=(BaselineTable(problem="tsp_gls"),))
    assert "| 0.00 / 0.00, " in block(data, [(data.tables[0], [replace(score("a", cost=9.9999999), proven=False)])])
