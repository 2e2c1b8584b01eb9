"""Niches: groups by hand and by brute force, planted behaviours, and who is filed where."""

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.candidate import Candidate
from evoheur.strategies.niches import Niches, NichesConfig, matched_labels, medoid_groups
from tests.evoheur.strategies.support.scored import scored_candidate
from tests.support.example_budget import cheap

LOOPS = "def rule(x):\n    total = 0\n    for each in x:\n        if each > 1:\n            total += each\n    return total\n"
FORMULA = "def rule(x):\n    return x * x + 3 * x - 1 / (2 + x)\n"


def specialist(number: int, *, first: bool, worth: float = 0.0) -> Candidate:
    """Good on the first four instances or on the last four, and better or worse on all."""
    good, bad = [1.0 + worth + number % 3 / 10] * 4, [5.0 + worth + number % 2 / 10] * 4
    return scored_candidate(number, [*good, *bad] if first else [*bad, *good])


def written(number: int, code: str) -> Candidate:
    return replace(scored_candidate(number, [float(number)] * 4), code=code)


def test_groups_by_hand() -> None:
    """Points 0, 1, 2 and 10, 11 on a line: 2 is central, 11 farthest from it; then the medoids move to 1 and, as 10 and 11 tie, to 10."""
    points = [0.0, 1.0, 2.0, 10.0, 11.0]
    distances = [[abs(one - other) for other in points] for one in points]
    assert medoid_groups(distances, 2) == [[1, 0, 2], [3, 4]]
    assert medoid_groups(distances, 9) == [[each] for each in (2, 4, 0, 1, 3)]


def test_where_all_are_alike_there_is_one_group() -> None:
    assert medoid_groups([[0.0] * 3] * 3, 2) == [[0, 1, 2]]


@cheap()
@given(st.integers(1, 4).flatmap(lambda count: st.lists(
    st.lists(st.integers(0, 9), min_size=count, max_size=count), min_size=1, max_size=count)))  # fmt: skip
def test_labels_are_matched_as_by_brute_force(shared: list[list[int]]) -> None:
    """Any assignment of different numbers keeps at most as many members."""
    count = len(shared[0])
    labels = matched_labels(shared, count)
    assert len(set(labels)) == len(labels) == len(shared)
    kept = sum(row[label] for row, label in zip(shared, labels, strict=True))
    ways = itertools.permutations(range(count), len(shared))
    assert kept == max(sum(row[label] for row, label in zip(shared, way, strict=True)) for way in ways)


def test_two_planted_behaviours_are_two_niches() -> None:
    """However good the heuristics are: a poor one and a good one of the same behaviour are in one niche."""
    niches = Niches(NichesConfig(count=2))
    members = [specialist(number, first=number % 2 == 0, worth=number * 0.7) for number in range(1, 13)]
    niches.form(members, lambda member: 0)
    filed = {first: {niches.label(member) for member in members if (member.id % 2 == 0) is first} for first in (True, False)}
    assert all(len(labels) == 1 for labels in filed.values())
    assert filed[True] != filed[False]


def test_a_child_is_filed_by_what_it_does() -> None:
    """Its parent is of the other niche; it is new to the niches, and better than all that are known."""
    niches = Niches(NichesConfig(count=2))
    members = [specialist(number, first=number % 2 == 0) for number in range(1, 9)]
    niches.form(members, lambda member: 0)
    parent, child = members[1], replace(specialist(20, first=False, worth=-0.9), parents=(members[1].id,))
    assert niches.label(parent) != niches.label(child) == niches.label(members[0])


def test_structure_tells_loops_from_formulas() -> None:
    niches = Niches(NichesConfig(by="structure", count=2))
    members = [written(number, (LOOPS if number % 2 else FORMULA).replace("1", str(number))) for number in range(1, 7)]
    niches.form(members, lambda member: 0)
    assert niches.label(written(30, LOOPS)) == niches.label(members[0]) != niches.label(members[1])
    assert niches.label(written(31, FORMULA)) == niches.label(members[1])


@pytest.mark.parametrize("odd", [0, 1])
def test_numbers_stay_when_niches_are_formed_anew(odd: int) -> None:
    """Whichever numbers they had, in whatever order the members come, and though some are new."""
    niches = Niches(NichesConfig(count=2))
    members = [specialist(number, first=number % 2 == 0) for number in range(1, 9)]
    niches.form(members, lambda member: odd if member.id % 2 else 1 - odd)
    before = {member.id: niches.label(member) for member in members}
    assert before == {member.id: odd if member.id % 2 else 1 - odd for member in members}
    changed = [*members[2:], *(specialist(number, first=number % 2 == 0, worth=0.5) for number in range(9, 14))]
    random.Random(3).shuffle(changed)
    niches.form(changed, lambda member: before.get(member.id, 0))
    assert {niches.label(member) for member in changed if member.id % 2} == {odd}
    assert {niches.label(member) for member in changed if not member.id % 2} == {1 - odd}


def test_when_niches_are_due() -> None:
    """First with two heuristics for each, then after so many arrivals."""
    niches = Niches(NichesConfig(count=2, every=3))
    assert [niches.due(members) for members in (3, 4)] == [False, True]
    niches.form([specialist(number, first=number % 2 == 0) for number in range(1, 5)], lambda member: 0)
    for arrived in range(4):
        assert niches.due(99) is (arrived >= 3)
        niches.arrived()


@pytest.mark.parametrize("members", [[], [scored_candidate(1, [1.0])]])
def test_few_members_are_one_niche(members: list[Candidate]) -> None:
    niches = Niches(NichesConfig())
    niches.form(members, lambda member: 2)
    assert niches.label(scored_candidate(9, [1.0, 2.0])) == (2 if members else 0), (
        "what does not compare goes to the first there is"
    )
