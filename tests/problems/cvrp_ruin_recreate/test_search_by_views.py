"""Ruin and recreate by views: what is shown, who leaves, where they come back, and how much is done."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.solution import price
from evoheur.problems.cvrp.textbook_rules import clarke_wright
from evoheur.problems.cvrp.unit_free import unit_free
from evoheur.problems.cvrp_ruin_recreate.problem import RuinRecreateCVRP, leaving, placing
from evoheur.problems.cvrp_ruin_recreate.route_table import MOST_LEAVING, noise
from evoheur.problems.cvrp_ruin_recreate.search_by_views import LEAVING_ON_AVERAGE, search_by_views
from evoheur.problems.returned_numbers import BadAnswer
from tests.benchmarks.naive.ruin import ruin_recreate
from tests.problems.cvrp.support.made_up import LINE, instance, instances, is_feasible, one_way_instances
from tests.support.example_budget import dear

from .support.candidates import MIXED, pair


def searched(made: CvrpInstance, leaves: Any, places: Any, *, iterations: int = 5, seed: int = 0) -> list[list[int]]:
    """The routes of a search."""
    return search_by_views(leaves, places, unit_free(made), iterations=iterations, seed=seed)


def near(*shown: Any) -> Any:
    """Up to nine customers nearest to the seed leave."""
    return 9.0 * shown[1] - shown[5]


def cheapest(*shown: Any) -> Any:
    """They come back where they add least."""
    return -shown[3]


def training() -> CvrpInstance:
    """A training instance with 100 customers."""
    return RuinRecreateCVRP().instances("train")[-1]


@dear()
@given(made=instances(), seed=st.integers(0, 10**6))
def test_the_search_goes_as_its_naive_twin(made: CvrpInstance, seed: int) -> None:
    """With functions that look at all they are shown, on a grid where ties are common; the depot's place is nobody else's."""
    if not made.distances[0, 1:].all() or made.customers < 2:
        return
    problem, mixed = RuinRecreateCVRP(iterations=12), pair(*MIXED)
    routes = problem.solve(mixed, made, np.random.default_rng(seed))
    expected = ruin_recreate(mixed.functions, problem.encode(made), np.random.default_rng(seed), 12)
    assert price(made, routes) == pytest.approx(expected, rel=1e-9)


@dear()
@given(made=instances(limited=True) | one_way_instances())
def test_all_are_visited_and_limits_are_kept(made: CvrpInstance) -> None:
    """Whoever leaves and wherever they come back: the dearest places and most customers here; never longer than the start."""
    routes = searched(made, lambda *shown: shown[14], lambda *shown: shown[3])
    assert is_feasible(made, routes)
    assert price(made, routes) <= price(made, clarke_wright(unit_free(made))) + 1e-9


def told(made: CvrpInstance, leaves: Callable[..., Any]) -> tuple[list[Any], list[Any]]:
    """What both functions are shown in the first iterations."""
    customers: list[Any] = []
    places: list[Any] = []

    def leave(*shown: Any) -> Any:
        customers.append([np.copy(each) for each in shown])
        return leaves(*shown)

    def place(*shown: Any) -> Any:
        places.append([np.copy(each) for each in shown])
        return -shown[3]

    searched(made, leave, place, iterations=2)
    return customers, places


def test_what_is_shown_of_customers() -> None:
    """Customers at 1, 2 and -1, the mean distance 4/3: Clarke & Wright's routes are 1-2 and 3."""
    customers, _ = told(instance(LINE, [2, 1, 3], capacity=10), lambda *shown: -shown[5])
    progress, lot, spacing, per_route, *views = customers[0]
    distance, rank, route_rank, offset, size, saving, demand, since, route_noise, shift, noises = (
        view.tolist() for view in views
    )
    seed = rank.index(0.0)
    assert progress == 0.0
    assert 0.0 <= lot < 1.0
    assert spacing == pytest.approx((1 + 1 + 2) / 3 * 0.75)
    assert per_route == 1.5
    assert distance == pytest.approx([[0.0, 0.75, 1.5], [0.75, 0.0, 2.25], [1.5, 2.25, 0.0]][seed])
    assert rank == [[0.0, 1.0, 2.0], [1.0, 0.0, 2.0], [1.0, 2.0, 0.0]][seed]
    assert route_rank == [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]][seed]
    assert offset == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]][seed]
    assert size == [2.0, 2.0, 1.0]
    assert saving == pytest.approx([0.0, 1.5, 1.5])
    assert demand == pytest.approx([0.2, 0.1, 0.3])
    assert since == [0.0, 0.0, 0.0]
    assert route_noise[0] == route_noise[1] != route_noise[2]
    assert shift[0] == shift[1] != shift[2]
    assert len({*noises, route_noise[0], shift[0]}) == 5
    again = customers[1]
    assert again[0] == pytest.approx(1 / (2 * LEAVING_ON_AVERAGE))
    assert again[11].tolist() == pytest.approx([0.0 + (node != seed) / 3 for node in range(3)])
    assert again[14].tolist() != noises


def test_what_is_shown_of_places() -> None:
    """3 left, so there are three places on the route 1-2 (or 2-1) and one of its own; the vehicle is then full but for 4 of 10."""
    _, places = told(instance(LINE, [2, 1, 3], capacity=10), lambda *shown: shown[10] - 0.25)
    progress, demand, home, added, edge, free, size, noises = places[0]
    assert (progress, demand, home) == (0.0, pytest.approx(0.3), pytest.approx(0.75))
    assert sorted(added[:-1].tolist()) == pytest.approx([1.5, 1.5, 3.0])
    assert sorted(edge.tolist()) == pytest.approx([0.0, 0.75, 0.75, 1.5])
    assert added[-1] == pytest.approx(1.5)
    assert free.tolist() == pytest.approx([0.4, 0.4, 0.4, 0.7])
    assert size.tolist() == [2.0, 2.0, 2.0, 0.0]
    assert noises[-1] == 1.0
    assert ((noises[:-1] >= 0.0) & (noises[:-1] < 1.0)).all()


def test_places_on_full_routes_are_not_shown() -> None:
    """1 and 2 carry 3 of 4; 3 with its 3 finds nothing but a route of its own."""
    _, places = told(instance(LINE, [2, 1, 3], capacity=4), lambda *shown: shown[10] - 0.7)
    assert [len(shown[3]) for shown in places] == [1] * len(places)


@pytest.mark.parametrize(
    ("leaves", "count"),
    [
        (lambda *shown: np.where(shown[5] < 7, 0.5, 0.0), 7),
        (lambda *shown: -shown[5], 1),
        (lambda *shown: np.full(100, -np.inf), 1),
        (lambda *shown: 200.0 - shown[5], MOST_LEAVING),
        (lambda *shown: np.full(100, np.inf), MOST_LEAVING),
    ],
    ids=["above 0", "the highest", "nobody", "too many", "all"],
)
def test_scores_decide_who_leaves(leaves: Any, count: int) -> None:
    """Those above 0, at most 40, or else the one with the highest; the others are on routes when the first place is asked for."""
    asked: list[float] = []
    left: list[int] = []

    def leave(*shown: Any) -> Any:
        left.append(0)
        asked.append(shown[0])
        return leaves(*shown)

    def place(*shown: Any) -> Any:
        left[-1] += 1
        return -shown[3]

    searched(training(), leave, place, iterations=20)
    assert set(left) == {count}
    assert len(left) == -(-20 * LEAVING_ON_AVERAGE // count)
    assert asked == pytest.approx([number * count / (20 * LEAVING_ON_AVERAGE) for number in range(len(left))])


def test_of_too_many_the_highest_leave() -> None:
    """And of equal ones those with the lower numbers."""
    since: list[Any] = []

    def leave(*shown: Any) -> Any:
        since.append(shown[11].copy())
        return np.where(np.arange(100) == 70, 2.0, 1.0)

    searched(training(), leave, cheapest, iterations=5)
    for seen in since[1:]:
        assert np.flatnonzero(seen == 0.0).tolist() == [*range(MOST_LEAVING - 1), 70]


def test_a_customer_goes_to_the_highest_place() -> None:
    """Only a route of its own is not refused: then all 100 are alone at the end, but the record is still the start."""
    made, sizes = training(), []

    def alone(*shown: Any) -> Any:
        sizes.append(shown[6].tolist())
        return np.where(shown[6] == 0.0, 0.0, -np.inf)

    routes = searched(made, near, alone, iterations=3)
    assert price(made, routes) == price(made, clarke_wright(made))
    assert all(seen[-1] == 0.0 for seen in sizes)


def test_the_functions_may_spoil_what_they_are_given() -> None:
    """Views are written anew before every call."""

    def spoiling(function: Callable[..., Any]) -> Callable[..., Any]:
        def spoil(*shown: Any) -> Any:
            scores = np.copy(function(*shown))
            for view in shown:
                if isinstance(view, np.ndarray):
                    view[:] = np.nan
            return scores

        return spoil

    made, mixed = training(), pair(*MIXED).functions
    kept = searched(made, mixed["leaving"], mixed["placing"])
    assert searched(made, spoiling(mixed["leaving"]), spoiling(mixed["placing"])) == kept


def test_the_same_seed_gives_the_same_routes_and_another_one_others() -> None:
    """Nothing else is random."""
    one, again, other = (searched(training(), leaving, placing, iterations=60, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other


@pytest.mark.parametrize(
    ("leaves", "places", "reason"),
    [
        (lambda *_: None, cheapest, r"^after 0 customers came back: leaving returned None"),
        (lambda *_: np.zeros(101), cheapest, r"leaving returned shape \(101,\), expected real numbers of shape \(100,\)"),
        (lambda *_: np.full(100, np.nan), cheapest, r"leaving returned NaN"),
        (
            lambda *shown: near(*shown) * (1.0 if shown[0] == 0.0 else np.nan),
            cheapest,
            r"^after [1-9]\d* customers came back: leaving returned NaN",
        ),
        (near, lambda *_: [], r"placing returned shape \(0,\)"),
        (near, lambda *shown: shown[3] * np.nan, r"placing returned NaN at 0"),
    ],
)
def test_unusable_scores_are_the_candidates_fault(leaves: Any, places: Any, reason: str) -> None:
    """The message names the function, and when it was."""
    with np.errstate(all="ignore"), pytest.raises(BadAnswer, match=reason):
        searched(training(), leaves, places)


def test_noise_is_that_of_splitmix() -> None:
    """The first numbers of the published generator from the state 1234567, and uniform ones of any key."""
    first = (6457827717110365317, 3203168211198807973, 9817491932198370423)
    with np.errstate(all="ignore"):
        assert [noise(np.uint64(1234567), number) for number in range(3)] == [(bits >> 11) / 2**53 for bits in first]
        drawn = np.array([noise(np.uint64(2**64 - 5), number) for number in range(20_000)])
    assert abs(drawn.mean() - 0.5) < 0.01
    assert np.histogram(drawn, bins=10, range=(0.0, 1.0))[0].min() > 1800
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.03
