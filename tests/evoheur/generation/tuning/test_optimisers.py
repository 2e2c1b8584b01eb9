"""CMA-ES and harmony search: what they find, what they owe to their generator alone, and what failures do to them."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from evoheur.generation.tuning.cma_es import CmaEs
from evoheur.generation.tuning.harmony_search import MEMORY, HarmonySearch
from evoheur.generation.tuning.optimiser import MakeOptimiser

BOTH = pytest.mark.parametrize("make", [CmaEs, HarmonySearch])


def bowl(point: list[float]) -> float:
    """Smallest, 0, where every number is 0.4."""
    return sum((step - 0.4) ** 2 for step in point)


def search(make: MakeOptimiser, dimensions: int, evaluations: int, price: Callable[[list[float]], float] = bowl) -> list[float]:
    """The objectives in the order they were evaluated."""
    optimiser = make(dimensions, np.random.default_rng(3))
    found: list[float] = []
    while len(found) < evaluations:
        points = optimiser.ask()
        objectives = [price(point) for point in points]
        optimiser.tell(points, objectives)
        found += objectives
    return found


@BOTH
@pytest.mark.parametrize("dimensions", [1, 2, 7])
def test_it_gets_nearer_to_the_best(make: MakeOptimiser, dimensions: int) -> None:
    """The last quarter of 200 evaluations is better on average than the first."""
    found = search(make, dimensions, 200)
    assert np.mean(found[-50:]) < np.mean(found[:50])


def test_cma_es_finds_the_bottom_of_a_bowl() -> None:
    assert min(search(CmaEs, 3, 300)) < 1e-6


@BOTH
def test_equal_generators_ask_for_equal_points_whatever_the_global_one_does(make: MakeOptimiser) -> None:
    """Tunings run side by side; none may draw from what another one draws from."""
    runs = []
    for seed in (1, 2):
        np.random.seed(seed)  # noqa: NPY002 - the global state is what is tested
        before = np.random.get_state()[1].tolist()  # type: ignore[index] # noqa: NPY002
        runs.append(search(make, 3, 60))
        assert np.random.get_state()[1].tolist() == before  # type: ignore[index] # noqa: NPY002
    assert runs[0] == runs[1]


@BOTH
def test_nothing_but_failures_is_survived(make: MakeOptimiser) -> None:
    assert search(make, 2, 60, lambda _: math.inf) == [math.inf] * len(search(make, 2, 60, lambda _: math.inf))


@BOTH
def test_failures_are_avoided(make: MakeOptimiser) -> None:
    """Half of the space fails; the other half is where the search ends up."""
    found = search(make, 2, 200, lambda point: math.inf if point[0] < 0.2 else bowl(point))
    failed = [not math.isfinite(objective) for objective in found]
    assert sum(failed[-60:]) < sum(failed[:60])


def test_a_last_population_that_is_cut_short_is_borne() -> None:
    optimiser = CmaEs(2, np.random.default_rng(1))
    points = optimiser.ask()
    optimiser.tell(points[:2], [1.0, 2.0])
    assert len(optimiser.ask()) == len(points)


def test_harmony_search_is_hsevos() -> None:
    """Five uniform harmonies within -1 to 1, then one at a time, all within the range."""
    optimiser = HarmonySearch(4, np.random.default_rng(1))
    first = optimiser.ask()
    assert (len(first), {len(point) for point in first}) == (MEMORY, {4})
    optimiser.tell(first, [bowl(point) for point in first])
    for _ in range(50):
        (point,) = optimiser.ask()
        assert all(-1.0 <= step <= 1.0 for step in point)
        optimiser.tell([point], [bowl(point)])


def test_an_improvisation_takes_numbers_from_the_memory() -> None:
    """With probability 0.7 · 0.5 a number is one of the five remembered ones to the digit."""
    optimiser = HarmonySearch(400, np.random.default_rng(1))
    first = optimiser.ask()
    optimiser.tell(first, [1.0, 2.0, 3.0, 4.0, 5.0])
    (point,) = optimiser.ask()
    remembered = sum(step in {harmony[place] for harmony in first} for place, step in enumerate(point))
    assert 0.28 < remembered / len(point) < 0.42
