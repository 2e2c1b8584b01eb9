"""Textbook rules say what they know and how much they do; plain solvers are of the class of the problem's own rules."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from evoheur.errors import ConfigError
from evoheur.problem import RuleClass, RuleClasses, TextbookRule
from evoheur.problem_loading import load_problem
from evoheur.problems.bin_packing_online.problem import OnlineBinPacking


def _solved(instance: Any) -> list[str]:
    return ["solved", instance]


class Classes(OnlineBinPacking):
    """A problem with rules of three classes."""

    def textbook_rules(self) -> Mapping[str, Callable[[Any], Any]]:
        """One plain solver and two that say more."""
        return {
            "plain": _solved,
            "informed": TextbookRule(solve=_solved, information="offline", work="search"),
            "repeated": TextbookRule(solve=_solved, work=6),
        }


def test_a_rule_is_called_like_its_solver() -> None:
    """So it stands wherever a plain solver does."""
    assert TextbookRule(solve=_solved, information="horizon known")("an instance") == ["solved", "an instance"]


def test_a_plain_solver_is_in_the_class_of_the_problems_own_rules() -> None:
    """What a rule does not say is what the problem's rules know, in one pass."""
    classes = Classes().rule_classes()
    assert classes.own == RuleClass("online", 1)
    told = {name: str(kind) for name, kind in classes.textbook.items()}
    assert told == {"plain": "online, one pass", "informed": "offline, search", "repeated": "online, 6 passes"}
    assert classes.differ
    assert classes.alike(["repeated", "plain", "unheard of"]) == ["plain", "unheard of"]


def test_no_classes_are_one_class() -> None:
    """Where nobody says anything, all are compared with all."""
    assert RuleClasses().alike(["one", "other"]) == ["one", "other"]
    assert not RuleClasses().differ


def test_offline_problems_know_the_instance() -> None:
    """Whatever is not online."""
    assert load_problem("tsp_constructive").rule_classes().own == RuleClass("offline", 1)


def test_no_passes_are_refused() -> None:
    """A rule makes at least one."""
    with pytest.raises(ConfigError, match=r"makes 0 passes; say how many, at least 1, or 'search'"):
        TextbookRule(solve=_solved, work=0)


@pytest.mark.parametrize(
    ("problem", "rule", "told"),
    [
        ("tsp_gls", None, "offline, search"),
        ("cvrp_ruin_recreate", "string_removal", "offline, search"),
        ("tsp_constructive", "greedy_2opt_oropt", "offline, search"),
        ("tsp_constructive", "farthest_insertion", "offline, one pass"),
        ("cvrp_savings", "altinel_oncan_grid", "offline, 45 passes"),
        ("bin_packing_offline", "first_fit_decreasing", "offline, one pass"),
        ("bin_packing_online", "weighted_sum_of_squares", "horizon known, one pass"),
    ],
)
def test_bundled_problems_say_what_their_rules_do(problem: str, rule: str | None, told: str) -> None:
    """Where heuristics steer a search, plain rules do so too."""
    assert str(load_problem(problem).rule_classes().of(rule)) == told
