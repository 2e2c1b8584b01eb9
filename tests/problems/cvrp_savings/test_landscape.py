"""What does not change while routes grow."""

import numpy as np
from hypothesis import given

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp_savings.landscape import angles, neighbour_ranks
from tests.problems.cvrp.support.made_up import instances, one_way_instances


@given(made=instances() | one_way_instances())
def test_ranks_count_nearer_customers(made: CvrpInstance) -> None:
    """Equally near ones have the same rank; of the two ways of counting the smaller number."""
    distances, customers = made.distances, range(1, made.customers + 1)
    ranks = neighbour_ranks(distances, made.limits.one_way)
    for one in customers:
        for two in customers:
            if one != two:
                onward = sum(distances[one, each] < distances[one, two] for each in customers if each != one)
                back = sum(distances[each, two] < distances[one, two] for each in customers if each != two)
                assert ranks[one, two] == 1 + min(onward, back)


def test_angles_are_seen_from_the_depot() -> None:
    """East, north, west and south-east; a place at the depot is in no direction."""
    places = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [1.0, -1.0], [0.0, 0.0]])
    found = angles(places)
    assert np.allclose(found[1, 1:], [0.0, np.pi / 2, np.pi, np.pi / 4, 0.0])
    assert np.allclose(found[2, 3:5], [np.pi / 2, 3 * np.pi / 4])
    turned = angles(np.column_stack((-places[:, 1], places[:, 0])))
    mirrored = angles(places[:, ::-1].copy())
    assert found.tobytes() == turned.tobytes() == mirrored.tobytes()
