"""Reading job shop files of both forms."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.instance_files import OutsideLimits
from evoheur.problem import to_json
from evoheur.problems.job_shop_dispatching.files import read_file, read_instances
from evoheur.problems.job_shop_dispatching.problem import JobShopDispatching
from tests.problems.tsp.support.cities import published_files

STANDARD = """ +++++++++++++++++++++++++++++
 instance mine3
 +++++++++++++++++++++++++++++
 A 3x2 instance
 3 2
 0 3 1 2
 1 1 0 4
 0 2 1 1
"""
TAILLARD = """Nb of jobs, Nb of Machines, Time seed, Machine seed, Upper bound, Lower bound
          3          2   840612802   398197754        10          9
Times
  3  2
  1  4
  2  1
Machines
  1  2
  2  1
  1  2
"""
ROUTES, TIMES = [[0, 1], [1, 0], [0, 1]], [[3, 2], [1, 4], [2, 1]]


def written(folder: Path, text: str, name: str = "mine.txt") -> Path:
    (folder / name).write_text(text)
    return folder / name


@pytest.mark.parametrize(
    ("text", "name", "reference"),
    [(STANDARD, "mine3", None), (TAILLARD, "mine", 10.0), ("# a comment\n" + STANDARD, "mine3", None)],
)
def test_both_forms_say_the_same(tmp_path: Path, text: str, name: str, reference: float | None) -> None:
    """Taillard's counts machines from 1, and its head has the best known makespan."""
    [(instance, found)] = read_file(written(tmp_path, text))
    assert (instance.name, instance.routes.tolist(), instance.times.tolist(), found) == (name, ROUTES, TIMES, reference)
    assert (instance.batches.tolist(), instance.gaps.tolist()) == ([0, 0, 0], [0])


def test_square_shops_tell_matrices_from_pairs(tmp_path: Path) -> None:
    """Two machines, and a line per job with as many numbers as there are machines."""
    pairs, matrices = "2 2\n0 1 1 1\n1 1 0 1\n", "2 2\n1 1\n1 1\n1 2\n2 1\n"
    [(one, _)], [(other, _)] = read_file(written(tmp_path, pairs)), read_file(written(tmp_path, matrices, "other.txt"))
    assert one.routes.tolist() == other.routes.tolist() == [[0, 1], [1, 0]]
    assert one.times.tolist() == other.times.tolist() == [[1, 1], [1, 1]]


def test_a_file_may_hold_many_and_a_table_beside_it_has_their_references(tmp_path: Path) -> None:
    written(tmp_path, TAILLARD + TAILLARD, "two.txt")
    written(tmp_path, STANDARD, "standard.jsp")
    (tmp_path / "optima.csv").write_text("name,optimum\ntwo-2,9\nmine3,9\n")
    read = read_instances(tmp_path)
    assert sorted(instance.name for instance in read.instances) == ["mine3", "two-1", "two-2"]
    assert read.references == {"two-1": 10.0, "two-2": 9.0, "mine3": 9.0}
    problem = JobShopDispatching()
    assert {problem.reference(instance) for instance in problem.read_instances(tmp_path)} == {9.0, 10.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no numbers", "no line of whole numbers"),
        ("3\n1 2 3\n", "expected the head of an instance"),
        ("3 2\n0 3 1 2\n", "4 numbers follow the head, expected 12"),
        (STANDARD.replace("1 1 0 4", "1 1 1 4"), "job 2 does not pass each of 2 machines once"),
        (STANDARD.replace("1 1 0 4", "1 1 2 4"), "job 2 does not pass"),
        (STANDARD.replace("1 1 0 4", "1 1 0 -4"), "a time is below 0"),
        (STANDARD.replace("1 1 0 4", "1 1 0 4000000"), "4000000 is no time"),
        (TAILLARD.replace("        10  ", "         4  "), "upper bound is 4, but no schedule is done before"),
        (STANDARD + STANDARD, "two instances named mine3"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, text: str, message: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ConfigError, match=message) as raised:
        read_file(file)
    assert str(file) in str(raised.value)


def test_what_is_too_large_is_outside_the_limits(tmp_path: Path) -> None:
    with pytest.raises(OutsideLimits, match="300 jobs and 100 machines"):
        read_file(written(tmp_path, "300 100\n1\n"))


@given(text=st.text(st.sampled_from("0123 \n-"), max_size=40))
def test_any_text_is_read_or_refused_with_its_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = written(tmp_path_factory.mktemp("any"), text)
    try:
        assert read_file(file)
    except ConfigError as error:
        said = str(error)
    else:
        said = str(file)
    assert str(file) in said


def test_published_files() -> None:
    """On the files of the OR-Library and of Demirkol et al. no rule beats a reference."""
    problem = JobShopDispatching()
    for instance in problem.read_instances(published_files("job_shop")):
        reference = problem.reference(instance)
        for name, solver in problem.textbook_rules().items():
            assert problem.cost(instance, to_json(solver(instance))) >= (reference or 0.0), (instance.name, name)
