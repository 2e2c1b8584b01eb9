"""The ants against a literal reading of their rule."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.tours import tour_routes
from evoheur.problems.cvrp_aco.kernels import build_tours, route_counts, tour_lengths
from tests.problems.cvrp.support.made_up import fits, instance, instances, is_feasible, length


def walked(attraction: np.ndarray, made: CvrpInstance, draws: list[float]) -> list[int]:
    """One ant in plain Python. The waiting customers keep the kernel's order: the last one takes the place of the one that left."""
    waiting, here = list(range(1, made.customers + 1)), 0
    tour: list[int] = []
    while waiting:
        route = tour_routes(np.array([*tour, 0, 0]))[-1] if here else []
        served = [node for node in waiting if fits(made, [*route, node])]
        choices = [0] if here and (made.max_vehicles is None or not served) else []
        choices += served
        target = draws[len(tour)] * sum(attraction[here, node] for node in choices)
        reached = 0.0
        for node in choices:
            reached += attraction[here, node]
            if target < reached:
                break
        here = node
        if here:
            place = waiting.index(here)
            waiting[place] = waiting[-1]
            waiting.pop()
        tour.append(here)
    return tour


@given(made=instances(limited=True), salt=st.integers(0, 10_000))
@example(
    made=instance([(0.0, 0.0)] * 3, [0, 0], 1, max_duration=0.25, max_vehicles=1), salt=0
)  # a fleet where further vehicles cost 0
def test_an_ant_goes_where_its_draws_say(made: CvrpInstance, salt: int) -> None:
    """Attractions are small whole numbers, so sums are exact and both readings agree to the last bit."""
    source = np.random.default_rng(salt)
    attraction = source.integers(1, 9, size=made.distances.shape).astype(float)
    tours = np.full((3, 2 * made.customers), 7, dtype=np.int64)
    draws = source.random(tours.shape)
    build_tours(attraction, made.demands, made.terms, draws, tours)
    lengths = tour_lengths(tours, made.distances)
    for tour, numbers, found, counted in zip(tours, draws, lengths, route_counts(tours), strict=True):
        expected = walked(attraction, made, numbers.tolist())
        assert tour.tolist() == expected + [0] * (len(tour) - len(expected))
        routes = tour_routes(tour)
        assert is_feasible(made, routes)
        assert counted == len(routes)
        assert abs(found - length(made, routes)) < 1e-9
