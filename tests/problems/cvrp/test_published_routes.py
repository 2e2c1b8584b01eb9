"""Instance sets of published systems."""

import numpy as np
import pytest

from evoheur.problems.cvrp.published_routes import published
from evoheur.problems.cvrp.solution import price
from evoheur.problems.cvrp.textbook_rules import nearest_feasible

from .support.made_up import data_folder


def test_nearest_feasible_has_the_published_length_on_the_training_set_of_eoh() -> None:
    """13.61078 over 16 instances, as running the published release gives."""
    lengths = [price(made, nearest_feasible(made)) for made in published("eoh_cvrp50", "train")]
    assert len(lengths) == 16
    assert np.mean(lengths) == pytest.approx(13.61078, abs=5e-6)


def test_the_test_set_of_eoh_goes_on_where_its_training_set_ends() -> None:
    """48 more of the same stream."""
    train, test = published("eoh_cvrp50", "train"), published("eoh_cvrp50", "test")
    assert len(test) == 48
    source = np.random.RandomState(2024)
    for made in (*train, *test):
        assert (made.coordinates == source.rand(51, 2)).all()
        assert (made.demands[1:] == source.randint(1, 10, size=51)[1:]).all()


def test_the_sets_of_reevo_are_its_own_files() -> None:
    """Number by number: 10 training instances of 50 customers, and 64 each of 50 and 100 for validation."""
    folder = data_folder("cvrp_uniform")
    validation = published("reevo_cvrp50", "validation")
    for file, made in (
        ("cvrp50_train", published("reevo_cvrp50", "train")),
        ("cvrp50_val", validation[:64]),
        ("cvrp100_val", validation[64:]),
    ):
        shipped = np.load(folder / f"{file}.npy", allow_pickle=False)
        assert (np.stack([each.coordinates for each in made]) == shipped[:, :, 1:]).all()
        assert (np.stack([each.demands for each in made]) == shipped[:, :, 0]).all()
