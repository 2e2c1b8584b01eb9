"""ReEvo's replacement and its pairs, against plain definitions."""

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.candidate import Candidate
from evoheur.request import Failure
from evoheur.strategies.generations import Generations, unequal_pair
from evoheur.testing.strategy_runs import made_up_candidate

LOST = Failure(stage="generation", reason="server-error", detail="made up")


def candidates(objectives: Sequence[float]) -> list[Candidate]:
    """Candidates with these objectives, numbered from 1."""
    return [made_up_candidate(identity, objective) for identity, objective in enumerate(objectives, 1)]


def generations(*, size: int = 2, capacity: int = 5, overlapping: bool = False, bound: float | None = None) -> Generations:
    """An empty population beside a baseline of 4.5."""
    return Generations(made_up_candidate(0, 4.5), size=size, capacity=capacity, overlapping=overlapping, bound=bound)


def ids(members: Sequence[Candidate]) -> list[int]:
    """Their ids."""
    return [member.id for member in members]


@given(st.lists(st.sampled_from([1.0, 2.0, 2.5, 7.0]), max_size=8), st.integers(0, 100))
def test_pairs_are_unequal_and_worse_first(objectives: list[float], seed: int) -> None:
    """Whatever the pool: two of its members, the worse one first; None exactly if all objectives are equal."""
    pool = candidates(objectives)
    pair = unequal_pair(pool, random.Random(seed))
    assert (pair is None) == (len(set(objectives)) < 2)
    if pair is not None:
        assert set(ids(pair)) <= set(ids(pool))
        worse, better = (objectives[parent.id - 1] for parent in pair)
        assert worse > better


def test_every_unequal_pair_has_the_same_chance() -> None:
    """Objectives 1, 1, 2, 3 make five unequal pairs; 0.02 is more than three standard deviations of a share of 5,000 draws."""
    pool = candidates([1, 1, 2, 3])
    rng = random.Random(5)
    drawn = Counter(tuple(ids(unequal_pair(pool, rng) or ())) for _ in range(5000))
    assert set(drawn) == {(3, 1), (3, 2), (4, 1), (4, 2), (4, 3)}
    assert all(count / 5000 == pytest.approx(0.2, abs=0.02) for count in drawn.values())


def test_hopeless_pool_draws_nothing() -> None:
    """Where there is no pair the generator is left alone, so that asking in vain changes nothing."""
    rng = random.Random(1)
    before = rng.getstate()
    assert unequal_pair(candidates([2, 2]), rng) is None
    assert rng.getstate() == before


def test_children_replace_their_parents() -> None:
    """After two crossovers, one of them lost, the one child is all there is beside the elite; mutants join it."""
    first, second, child, mutant = candidates([2, 3, 9, 5])
    population = generations()
    population.add(first)
    population.add(second)
    assert not population.add_child(child)
    assert ids(population.pool) == [1, 2]
    assert population.add_child(LOST)
    assert (ids(population.members), population.completed, population.elite.id) == ([3], 1, 1)
    population.add(mutant)
    assert ids(population.pool) == [3, 4, 1]


def test_overlapping_generations_select_children_at_once() -> None:
    """In steady state a child is in the pool when it is told, and its parents stay until its generation is complete."""
    parent, child, other = candidates([2, 1, 3])
    population = generations(overlapping=True)
    population.add(parent)
    population.add_child(child)
    assert ids(population.pool) == [1, 2]
    population.add_child(other)
    assert ids(population.pool) == [2, 3]


def test_baseline_is_the_first_elite() -> None:
    """It is selected from until something is better, though it is no member; an equal one does not take its place."""
    equal, better = candidates([4.5, 4])
    population = generations()
    assert (ids(population.pool), ids(population.members)) == ([0], [])
    population.add(equal)
    assert population.elite.id == 0
    population.add(better)
    assert ids(population.pool) == [1, 2]


def test_bound_keeps_out_what_does_not_beat_it() -> None:
    """As in ReEvo's black-box mode: strictly better than the baseline, which is then no parent either."""
    worse, equal, better = candidates([5, 4.5, 4])
    population = generations(bound=4.5)
    assert ids(population.pool) == []
    for candidate in (worse, equal, better):
        population.add(candidate)
    assert ids(population.pool) == [3]
    assert ids(population.elites()) == [3]


def test_failures_are_passed_over() -> None:
    """A failed candidate and a failed call are no members."""
    population = generations()
    population.add(made_up_candidate(1, None))
    population.add(LOST)
    population.immigrate(made_up_candidate(2, None))
    assert ids(population.pool) == [0]


def test_oldest_leave_a_full_population() -> None:
    """At most five members, however many join without a new generation."""
    population = generations(capacity=5)
    for candidate in candidates([9, 8, 7, 6, 6, 6, 6]):
        population.add(candidate)
    assert ids(population.members) == [3, 4, 5, 6, 7]


def test_immigrant_lives_as_long_as_a_child() -> None:
    """It breeds at once, and in the next generation, but not in the one after that unless it is the elite."""
    immigrant, best, *children = candidates([3, 1, 6, 7, 8, 9])
    population = generations()
    population.add(best)
    population.immigrate(immigrant)
    assert 1 in ids(population.pool)
    population.add_child(children[0])
    population.add_child(children[1])
    assert ids(population.pool) == [1, 3, 4, 2]
    population.add_child(children[2])
    population.add_child(children[3])
    assert ids(population.pool) == [5, 6, 2]
