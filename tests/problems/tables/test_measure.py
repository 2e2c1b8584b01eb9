"""Textbook rules on files, summed up."""

from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.problems.tables.measure import Score, by_family, figures, proven_names, scores


def score(rule: str = "rule", *, family: str = "family", cost: float = 12.0, reference: float = 10.0) -> Score:
    """A score for a test."""
    return Score(
        rule=rule,
        rule_class="offline, one pass",
        instance="made-up",
        family=family,
        cost=cost,
        reference=reference,
        proven=True,
        seconds=0.5,
    )


def test_rules_are_priced_in_whole_bins(tmp_path: Path) -> None:
    """Decreasing rules put 6 5 4 into bins of 10 as 6 + 4 and 5: 2 bins, also the optimum; the fill term is left out."""
    (tmp_path / "small.txt").write_text("3 10 6 5 4")
    (tmp_path / "optima.csv").write_text("name,optimum\nsmall,2\n")
    problem = load_problem("bin_packing_offline")
    found = scores(problem, problem.read_instances(tmp_path), ["small"], family=lambda made: "one", whole=True)
    assert {each.rule for each in found} == set(problem.textbook_rules())
    assert {(each.family, each.cost, each.reference, each.gap, each.proven) for each in found} == {("one", 2.0, 2.0, 0.0, True)}
    unrounded = scores(problem, problem.read_instances(tmp_path), ["small"], family=lambda made: "one", whole=False)
    assert all(each.cost > 2.0 for each in unrounded)


def test_a_proven_optimum_that_is_beaten_stops_the_measuring(tmp_path: Path) -> None:
    """Two bins where three are said to be needed: the table and the file do not belong together."""
    (tmp_path / "small.txt").write_text("3 10 6 5 4")
    (tmp_path / "optima.csv").write_text("name,optimum\nsmall,3\n")
    problem = load_problem("bin_packing_offline")
    with pytest.raises(ConfigError, match=r"costs 2\.0 on small, less than the proven optimum 3\.0"):
        scores(problem, problem.read_instances(tmp_path), ["small"], family=lambda made: "one", whole=True)
    found = scores(problem, problem.read_instances(tmp_path), [], family=lambda made: "one", whole=True)
    assert found[0].gap == pytest.approx(-100.0 / 3.0)


def test_an_instance_without_a_reference_is_refused(tmp_path: Path) -> None:
    """There is no gap to measure."""
    (tmp_path / "mine.tsp").write_text(
        "TYPE : TSP\nDIMENSION : 5\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 0\n3 3 4\n4 0 4\n5 1 1\nEOF\n"
    )
    problem = load_problem("tsp_constructive")
    with pytest.raises(ConfigError, match="mine has no reference"):
        scores(problem, problem.read_instances(tmp_path), [], family=lambda made: "one", whole=False)


def test_families_come_by_name_and_by_the_numbers_in_it() -> None:
    """t60 before t120, and all rules in the order in which they were measured."""
    found = [score(rule, family=family) for family in ("u120", "t120", "t60", "t501") for rule in ("second", "first")]
    families = by_family(found)
    assert list(families) == ["t60", "t120", "t501", "u120"]
    assert list(families["t60"]) == ["second", "first"]


def test_figures_are_the_mean_gap_or_that_of_the_sums() -> None:
    """12 over 10 is 20 %, 90 over 90 is 0 %: 10 % on average, but 102 over 100 is 2 %."""
    found = [score(cost=12.0, reference=10.0), score(cost=90.0, reference=90.0)]
    mean, pooled = figures(found, pooled=False), figures(found, pooled=True)
    assert (mean.mean, mean.worst, mean.seconds) == pytest.approx((10.0, 20.0, 0.5))
    assert (pooled.mean, pooled.worst) == pytest.approx((2.0, 20.0))


def test_optima_are_proven_unless_a_table_says_otherwise(tmp_path: Path) -> None:
    """The table lies beside the files or up to two folders above; other tables prove nothing."""
    folder = tmp_path / "set" / "class"
    folder.mkdir(parents=True)
    (folder / "reference.csv").write_text("name,optimum\na,2\n")
    assert proven_names(folder) == set()
    (tmp_path / "optima.csv").write_text("name,optimum,status\na,2,optimal\nb,3,best-known\n")
    assert proven_names(folder) == {"a"}
    (folder / "optima.csv").write_text("name,optimum\nb,2\nc,3\n")
    assert proven_names(folder) == {"b", "c"}
