"""Training sets of published systems, against what their papers and files say."""

import numpy as np
import pytest

from evoheur.problems.tsp.construction.kernels import nearest_neighbour
from evoheur.problems.tsp.published_tours import PUBLISHED, PublishedSet, published
from evoheur.problems.tsp.tour import tour_length

from .support.cities import published_files


@pytest.mark.parametrize(("name", "mean"), [("eoh_tsp50", 6.60788), ("llm4ad_tsp50", 6.82397)])
def test_nearest_neighbour_is_as_long_as_published(name: PublishedSet, mean: float) -> None:
    """The mean length that EoH's and LLM4AD's own code gives for nearest neighbour on their training sets."""
    lengths = [tour_length(nearest_neighbour(made.distances, 0), made.distances) for made in published(name)]
    assert np.mean(lengths) == pytest.approx(mean, abs=5e-6)


@pytest.mark.parametrize(
    ("name", "count", "cities"),
    [
        ("eoh_tsp50", 8, 50),
        ("llm4ad_tsp50", 16, 50),
        ("reevo_tsp50", 64, 50),
        ("reevo_tsp50_aco", 5, 50),
        ("reevo_tsp200_gls", 10, 200),
    ],
)
def test_sizes_are_as_published(name: PublishedSet, count: int, cities: int) -> None:
    """As many instances and cities as the papers say, all of different names."""
    made = published(name)
    assert [len(made), *{one.cities for one in made}] == [count, cities]
    assert len({one.name for one in made}) == count


def test_a_name_stands_for_one_instance() -> None:
    """Sets that are cut from one stream share names where they share instances, and nowhere else."""
    seen: dict[str, bytes] = {}
    for name in PUBLISHED:
        for made in published(name):
            assert seen.setdefault(made.name, made.data.tobytes()) == made.data.tobytes(), made.name


def test_the_recipe_gives_the_published_file() -> None:
    """The 64 training instances that ReEvo and MCTS-AHD share, number by number."""
    file = published_files("tsp_uniform") / "tsp50_train.npy"
    points = np.load(file, allow_pickle=False)
    assert (np.array([made.data for made in published("reevo_tsp50")]) == points).all()
