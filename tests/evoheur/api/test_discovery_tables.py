"""Tables of what several seeds discover: what counts as beaten, and the command that makes them."""

from collections.abc import Mapping

import pytest

from evoheur.api.discovery_tables import DiscoveryRow, DiscoveryTable

FAMILIES = ("small", "large")


def row(name: str, kind: str, *gaps: float | None, rule_class: str = "online, one pass") -> DiscoveryRow:
    known: Mapping[str, float | None] = dict(zip(FAMILIES, gaps, strict=True))
    return DiscoveryRow(name=name, kind=kind, rule_class=rule_class, gaps=known)


TABLE = DiscoveryTable(
    split="test",
    families=FAMILIES,
    rows=(
        row("best_fit", "textbook", 4.0, 3.0),
        row("sum_of_squares", "textbook", 2.0, 3.5),
        row("offline", "textbook", 0.1, 0.1, rule_class="offline, one pass"),
        row("seed 1", "discovered", 1.9, 3.001),
        row("seed 2", "discovered", 1.0, None),
        row("median of seeds", "median", 1.9, None),
    ),
)


def test_rules_of_the_same_class_count() -> None:
    assert [rule.name for rule in TABLE.rules] == ["best_fit", "sum_of_squares"]


def test_a_family_is_beaten_where_the_gap_that_is_shown_is_lower_than_all_rules_() -> None:
    """Not by a difference that nobody sees, and not where the heuristic failed."""
    assert TABLE.beaten(TABLE.rows[3], TABLE.rules) == ["small"]
    assert TABLE.beaten(TABLE.rows[4], TABLE.rules) == ["small"]
    assert TABLE.beaten(TABLE.rows[3], [TABLE.rows[1]]) == ["small", "large"]


def test_the_markdown_marks_what_is_beaten() -> None:
    lines = TABLE.markdown().splitlines()
    assert lines[0] == "| heuristic | kind | class | small | large | mean of families |"
    assert "| seed 1 | discovered | online, one pass | **1.90** | 3.00 | 2.45 |" in lines
    assert "| seed 2 | discovered | online, one pass | **1.00** | - | - |" in lines
    assert "| best_fit | textbook | online, one pass | 4.00 | 3.00 | 3.50 |" in lines


def test_conclusions_count_families_rule_by_rule() -> None:
    best_fit, squares = TABLE.conclusions().splitlines()
    assert best_fit == "* Families of 2 on which best_fit is beaten: seed 1 1, seed 2 1, median of seeds 1."
    assert squares == "* Families of 2 on which sum_of_squares is beaten: seed 1 2, seed 2 1, median of seeds 1."


@pytest.mark.parametrize("gaps", [(None, None), (1.0, None)])
def test_a_mean_over_families_needs_all_of_them(gaps: tuple[float | None, float | None]) -> None:
    assert row("x", "discovered", *gaps).mean is None
