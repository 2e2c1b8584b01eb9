"""Files and folders of instances, and the references beside them."""

from pathlib import Path

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problems.tsp.files import read_instances

HEAD = "TYPE : TSP\nDIMENSION : 5\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n"
RECTANGLE = f"{HEAD}1 0 0\n2 0 3\n3 4 3\n4 4 0\n5 2 0\nEOF\n"
TOUR = "TYPE : TOUR\nTOUR_SECTION\n1 2 3 4 5 -1\nEOF\n"


def test_a_folder_is_read_smallest_first(tmp_path: Path) -> None:
    """Of two kinds of file; others in the folder are left alone."""
    (tmp_path / "rectangle.tsp").write_text(RECTANGLE)
    np.save(tmp_path / "random.npy", np.random.RandomState(0).rand(2, 6, 2))
    (tmp_path / "notes.txt").write_text("nothing")
    read = read_instances(tmp_path)
    assert [(made.name, made.family, made.cities) for made in read.instances] == [
        ("rectangle", tmp_path.name, 5),
        ("random-0", "random", 6),
        ("random-1", "random", 6),
    ]
    assert read.references == {}


def test_arrays_have_plain_distances(tmp_path: Path) -> None:
    """No rounding: a side of 0.3 and one of 0.4 make 0.5."""
    np.save(tmp_path / "a.npy", np.array([[[0, 0], [0.3, 0.4], [1, 0], [0, 1], [1, 1]]]))
    read = read_instances(tmp_path / "a.npy")
    assert read.instances[0].distances[0, 1] == pytest.approx(0.5)


def test_references_come_from_the_table_first(tmp_path: Path) -> None:
    """The table says 13, the tour beside it is 14 long; the table was checked by whoever wrote it."""
    (tmp_path / "rectangle.tsp").write_text(RECTANGLE)
    (tmp_path / "rectangle.opt.tour").write_text(TOUR)
    (tmp_path / "optima.csv").write_text("name,optimum\nrectangle,13\nother,1\n")
    assert read_instances(tmp_path / "rectangle.tsp").references == {"rectangle": 13.0}


def test_an_optimal_tour_is_priced(tmp_path: Path) -> None:
    """Round a rectangle of 3 by 4 is 14."""
    (tmp_path / "rectangle.tsp").write_text(RECTANGLE)
    (tmp_path / "rectangle.opt.tour").write_text(TOUR)
    assert read_instances(tmp_path).references == {"rectangle": 14.0}


def test_a_set_finds_its_references_by_place(tmp_path: Path) -> None:
    """As the tables of sets have it: set and index."""
    np.save(tmp_path / "few.npy", np.random.RandomState(0).rand(2, 6, 2))
    (tmp_path / "reference.csv").write_text("set,index,n,reference_length\nfew,0,6,2.5\nfew,1,6,2.25\n")
    assert read_instances(tmp_path / "few.npy").references == {"few-0": 2.5, "few-1": 2.25}


def test_a_tour_of_other_cities_is_refused(tmp_path: Path) -> None:
    """It would be a reference that nothing can be measured by."""
    (tmp_path / "rectangle.tsp").write_text(RECTANGLE)
    (tmp_path / "rectangle.opt.tour").write_text(TOUR.replace("5 -1", "4 -1"))
    with pytest.raises(ConfigError, match=r"rectangle.opt.tour is no tour of rectangle: city 3 is visited 2 times"):
        read_instances(tmp_path)


def test_missing_empty_and_foreign_paths_are_refused(tmp_path: Path) -> None:
    """Each with what to give instead."""
    with pytest.raises(ConfigError, match="There is no instance file"):
        read_instances(tmp_path / "none.tsp")
    with pytest.raises(ConfigError, match=r"holds no .tsp, .csv or .npy file"):
        read_instances(tmp_path)
    (tmp_path / "a.txt").write_text("")
    with pytest.raises(ConfigError, match=r"ends in '.txt'; give a .tsp, .csv or .npy file"):
        read_instances(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((5, 2)), "is no array of coordinates"),
        (np.zeros((1, 5, 3)), "is no array of coordinates"),
        (np.array([[["a", "b"]] * 5]), "is no array of coordinates"),
        (np.zeros((1, 5, 2)), "all cities are in one place"),
        (np.full((1, 5, 2), np.nan), "is not finite"),
        (np.random.RandomState(0).rand(1, 4, 2), "has 4 cities"),
    ],
)
def test_arrays_of_another_form_are_refused(tmp_path: Path, array: np.ndarray, reason: str) -> None:
    """Shape, kind, values, size."""
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(ConfigError, match=reason):
        read_instances(tmp_path)


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    """They could run code."""
    np.save(tmp_path / "a.npy", np.array([object()]), allow_pickle=True)
    with pytest.raises(ConfigError, match="cannot be read as an array"):
        read_instances(tmp_path)


def test_two_instances_of_one_name_are_refused(tmp_path: Path) -> None:
    """A name tells instances apart."""
    (tmp_path / "a-0.tsp").write_text(RECTANGLE)
    np.save(tmp_path / "a.npy", np.random.RandomState(0).rand(1, 6, 2))
    with pytest.raises(ConfigError, match="two instances are named 'a-0'"):
        read_instances(tmp_path)


def test_a_table_of_places_is_an_instance(tmp_path: Path) -> None:
    """Named after the file, without rounding; tables of references are no instances."""
    (tmp_path / "town.csv").write_text("City,X,Y\na,0,0\nb,0.3,0.4\nc,1,0\nd,0,1\ne,1,1\n")
    (tmp_path / "optima.csv").write_text("name,optimum\ntown,4\n")
    read = read_instances(tmp_path)
    [made] = read.instances
    assert (made.name, made.family, made.cities) == ("town", tmp_path.name, 5)
    assert made.distances[0, 1] == pytest.approx(0.5)
    assert read.references == {"town": 4.0}


def test_a_table_of_customers_is_not(tmp_path: Path) -> None:
    """Their demands would be dropped."""
    (tmp_path / "town.csv").write_text("x,y,demand\n0,0,1\n")
    with pytest.raises(ConfigError, match="the column 'demand' is not known, and could restrict the solutions"):
        read_instances(tmp_path / "town.csv")
