"""Reading flow shop files of both forms."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from evoheur.errors import ConfigError
from evoheur.instance_files import OutsideLimits
from evoheur.problem_loading import load_problem
from evoheur.problems.flow_shop.files import read_file, read_instances
from evoheur.problems.flow_shop.published_instances import OPTIMA, published_family
from tests.problems.flow_shop.support.shops import Rows, rows

TAILLARD = """number of jobs, number of machines, initial seed, upper bound and lower bound :
          3           2   873654221        9        8
processing times :
 3 1 2
 2 4 1
"""
OR_LIBRARY = """ +++++++++++++++++++++++++++++
 instance car1
 +++++++++++++++++++++++++++++
 Carlier 3x2 instance
 3 2
 0 3 1 2
 0 1 1 4
 0 2 1 1
"""
TIMES = [[3, 2], [1, 4], [2, 1]]


def written(folder: Path, text: str, name: str = "mine.txt") -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_taillards_form_has_a_line_per_machine(tmp_path: Path) -> None:
    """The reference is the upper bound of the head."""
    [(instance, reference)] = read_file(written(tmp_path, TAILLARD))
    assert (instance.name, instance.times.tolist(), reference) == ("mine", TIMES, 9.0)


def test_the_or_librarys_form_has_a_line_per_job(tmp_path: Path) -> None:
    """A machine before each time; the instance says its name, and there is no reference."""
    [(instance, reference)] = read_file(written(tmp_path, OR_LIBRARY))
    assert (instance.name, instance.times.tolist(), reference) == ("car1", TIMES, None)


def test_a_file_may_hold_many_and_a_table_beside_it_has_their_references(tmp_path: Path) -> None:
    written(tmp_path, TAILLARD + TAILLARD, "two.txt")
    written(tmp_path, OR_LIBRARY, "or.fsp")
    (tmp_path / "optima.csv").write_text("name,optimum\ntwo-2,8\ncar1,8\n")
    read = read_instances(tmp_path)
    assert sorted(instance.name for instance in read.instances) == ["car1", "two-1", "two-2"]
    assert read.references == {"two-1": 9.0, "two-2": 8.0, "car1": 8.0}


def _is_clear(table: Rows) -> bool:
    # Whether lines of machines cannot be taken for lines of jobs, which have the numbers of the machines in every other place.
    by_machine = np.array(table).T.tolist()
    return len(by_machine) > 1 and any(line[::2] != list(range(len(by_machine))) for line in by_machine)


@given(table=rows().filter(_is_clear))
def test_both_forms_give_the_times_that_were_written(table: Rows, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As many jobs as twice the machines are no matter."""
    head = f"{len(table)} {len(table[0])}\n"
    forms = (
        "".join(" ".join(map(str, line)) + "\n" for line in np.array(table).T.tolist()),
        "".join(" ".join(f"{machine} {time}" for machine, time in enumerate(row)) + "\n" for row in table),
    )
    folder = tmp_path_factory.mktemp("forms")
    by_machine, by_job = (read_file(written(folder, head + form))[0][0] for form in forms)
    assert by_job.times.tolist() == table
    assert by_machine.times.tolist() == table


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nonsense", "has no line of whole numbers"),
        ("3 2 1\n1 2 3\n", "expected the head of an instance"),
        ("3 2\n1 2 3\n4 5\n", "5 numbers follow the head, expected 6 times of 3 jobs on 2 machines"),
        ("3 2\n1 2 3\n4 5 -6\n", "a time is below 0 or above"),
        ("3 2\n0 0 0\n0 0 0\n", "all of them are 0"),
        ("3 2\n1 2 3\n4 5 6\n7\n", "expected the head"),
        ("3 2\n1 2 3\n4 5 1-6\n", "is no line of whole numbers"),
        (TAILLARD.replace("        9 ", "        7 "), "the head's upper bound is 7, but no order is done before 8"),
    ],
)
def test_broken_files_are_refused_by_name(text: str, reason: str, tmp_path: Path) -> None:
    """The message says what is wrong."""
    with pytest.raises(ConfigError, match=reason) as error:
        read_file(written(tmp_path, text))
    assert "mine.txt" in str(error.value)


@pytest.mark.parametrize("head", ["1 3\n1\n2\n3\n", "601 2\n", "2 61\n", "3 1\n1 2 3\n"])
def test_what_is_too_large_is_left_out(head: str, tmp_path: Path) -> None:
    with pytest.raises(OutsideLimits, match="from 2 to 600 jobs and from 2 to 60 machines"):
        read_file(written(tmp_path, head))


def test_a_problem_has_the_references_of_its_files(tmp_path: Path) -> None:
    problem = load_problem("flow_shop_insertion")
    read = list(problem.read_instances(written(tmp_path, TAILLARD)))
    assert [problem.reference(instance) for instance in read] == [9.0]


def test_published_files_are_the_generated_instances() -> None:
    """Of a folder `flowshop` with Taillard's files, one size each, where there is one."""
    folder = os.environ.get("EVOHEUR_DATA")
    files = sorted(Path(folder, "flowshop").glob("tai*_*.txt")) if folder else []
    if not files:
        pytest.skip("EVOHEUR_DATA does not name a folder with flowshop/tai20_5.txt and the like")
    for file in files:
        size = file.stem.removeprefix("tai").replace("_", "x")
        if size in {"20x5", "20x10", "50x5", "50x10"}:
            read, own = read_file(file), published_family(size)
            assert [each.times.tolist() for each, _ in read] == [each.times.tolist() for each in own]
            assert all(bound is not None and bound >= OPTIMA[each.name] for (_, bound), each in zip(read, own, strict=True))
