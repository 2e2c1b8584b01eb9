"""Exported files solve by themselves what evoheur solves, to the same solution."""

import inspect
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from evoheur.api.standalone_solver import standalone_solver
from evoheur.exported_file import heuristic_part
from evoheur.problem import Heuristic, instance_rng, to_json
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.run.problem_config import ProblemConfig
from evoheur.solving import solved_texts
from tests.evoheur.api.support.numpy_alone import ran, with_numpy_alone
from tests.problems.test_naive_frames import OTHERS

ALONE = [
    *("bin_packing_offline", "bin_packing_online", "bin_packing_online_levels", "cvrp_constructive", "cvrp_savings"),
    *("tsp_constructive", "tsp_insertion"),
]
DAY = ["bin_packing_online_levels", "cvrp_savings", "tsp_insertion"]
NIGHT = [pytest.param(name, marks=pytest.mark.nightly) for name in ALONE if name not in DAY]
HEAD = "import numpy as np\nfrom typing import Any\nfrom numpy.typing import NDArray\n\n\n"
DATA: dict[str, Callable[[Any], Sequence[Any]]] = {
    "bin": lambda instance: (instance.items, instance.capacity),
    "cvrp": lambda instance: (instance.coordinates, instance.demands, instance.capacity),
    "tsp": lambda instance: (instance.distances,),
}
FILES = {
    "bin": ("mine.txt", "12\n100\n" + "\n".join(map(str, [50, 3, 48, 20, 70, 33, 11, 62, 9, 41, 27, 55])) + "\n"),
    "cvrp": (
        "mine.vrp",
        (
            "NAME : mine\nTYPE : CVRP\nDIMENSION : 7\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\nNODE_COORD_SECTION\n"
            "1 50 50\n2 10 20\n3 90 15\n4 55 95\n5 20 80\n6 71 33\n7 40 62\nDEMAND_SECTION\n1 0\n2 3\n3 4\n4 2\n5 5\n6 6\n7 1\n"
            "DEPOT_SECTION\n1\n-1\nEOF\n"
        ),
    ),
    "tsp": (
        "mine.tsp",
        (
            "NAME : mine\nTYPE : TSP\nDIMENSION : 8\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n"
            "1 50 50\n2 10 20\n3 90 15\n4 55 95\n5 20 80\n6 71 33\n7 40 62\n8 33 8\nEOF\n"
        ),
    ),
}
PUBLISHED = {
    "bin": ["binpacking/bpplib/*/*.txt", "binpacking/orlib/*.json"],
    "cvrp": ["cvrplib/A-n32-k5.vrp", "cvrplib/X-n1*.vrp", "cvrplib/CMT*.vrp"],
    "tsp": ["tsplib/berlin52.tsp", "tsplib/ulysses22.tsp", "tsplib/att48.tsp", "tsplib/pr2*.tsp"],
}


def exported(name: str, code: str | None = None, **settings: Any) -> tuple[str, bool]:
    """The text of an exported file, and whether it needs evoheur."""
    problem = load_problem(name, settings)
    own = HEAD + "\n\n".join(inspect.getsource(function) for function in problem.functions())
    written = own if code is None else HEAD + code
    solver = standalone_solver(written, problem, ProblemConfig(name=name, settings=settings), seed=1)
    return f"{written}\n\n\n{solver.source}", solver.needs_evoheur


def kind(name: str) -> str:
    return name.partition("_")[0]


def same_solutions(name: str, code: str | None, instances: Sequence[Any]) -> None:
    """What the exported `solve` returns is what the frame in this process does."""
    text, needs_evoheur = exported(name, code)
    assert not needs_evoheur
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(text.replace("njit(cache=True", "njit(cache=False"), "exported.py", "exec"), names)
    problem: Any = load_problem(name, {})
    functions = {function.__name__: names[function.__name__] for function in problem.functions()}
    for instance in instances:
        heuristic = Heuristic(code=heuristic_part(text), functions=functions)
        expected = to_json(problem.solve(heuristic, instance, instance_rng(1, instance.name)))
        assert to_json(names["solve"](*DATA[kind(name)](instance))) == expected, instance.name


def test_which_problems_files_stand_alone() -> None:
    assert [name for name in bundled_problems() if not exported(name)[1]] == ALONE


@pytest.mark.nightly
@pytest.mark.parametrize("other", [False, True], ids=["the start", "another"])
@pytest.mark.parametrize("name", ALONE)
def test_the_whole_test_split_is_solved_alike(name: str, other: bool) -> None:
    same_solutions(name, OTHERS[name] if other else None, load_problem(name, {}).instances("test"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with NumPy alone."""
    return with_numpy_alone(tmp_path_factory.mktemp("alone") / "environment")


@pytest.mark.parametrize("name", [*DAY, *NIGHT])
def test_a_file_solves_an_instance_file_where_there_is_numpy_alone(name: str, alone: Path, tmp_path: Path) -> None:
    """Printed or written, the solution is what evoheur writes; a broken file is told in a sentence."""
    (tmp_path / "heuristic.py").write_text(exported(name, OTHERS[name])[0])
    file, text = FILES[kind(name)]
    (tmp_path / file).write_text(text)
    [(_, expected)] = solved_texts(tmp_path / "heuristic.py", tmp_path / file, problem=name)
    assert ran(alone, tmp_path / "heuristic.py", tmp_path / file) == expected
    assert ran(alone, tmp_path / "heuristic.py", tmp_path / file, "-o", tmp_path / "out.sol") == ""
    assert (tmp_path / "out.sol").read_text() == expected
    (tmp_path / file).write_text("nonsense")
    with pytest.raises(AssertionError, match=r"heuristic\.py: .*mine"):
        ran(alone, tmp_path / "heuristic.py", tmp_path / file)


@pytest.mark.parametrize("name", ALONE)
def test_published_files_are_solved_where_there_is_numpy_alone(name: str, alone: Path, tmp_path: Path) -> None:
    folder = os.environ.get("EVOHEUR_DATA")
    if folder is None:
        pytest.skip("EVOHEUR_DATA does not name a folder with published benchmark files")
    (tmp_path / "heuristic.py").write_text(exported(name)[0])
    files = [file for pattern in PUBLISHED[kind(name)] for file in sorted(Path(folder).glob(pattern))[:1]]
    assert files
    for file in files:
        solved = dict(solved_texts(tmp_path / "heuristic.py", file, problem=name))
        printed = ran(alone, tmp_path / "heuristic.py", file)
        if len(solved) == 1:
            assert printed == next(iter(solved.values())), file
        else:
            assert sorted(printed.split("# ")[1:]) == sorted(f"{each}\n{text}" for each, text in solved.items()), file


def test_a_file_of_another_problem_calls_evoheur(tmp_path: Path) -> None:
    text, needs_evoheur = exported("tsp_kicks", kicks_per_city=1)
    assert needs_evoheur
    (tmp_path / "heuristic.py").write_text(text)
    (tmp_path / "mine.tsp").write_text(FILES["tsp"][1])
    [(_, expected)] = solved_texts(
        tmp_path / "heuristic.py", tmp_path / "mine.tsp", problem="tsp_kicks", settings={"kicks_per_city": 1}
    )
    assert ran(Path(sys.executable), tmp_path / "heuristic.py", tmp_path / "mine.tsp") == expected
    assert "TOUR_SECTION" in expected


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("bin_packing_online", {"nan": "error"}),
        ("bin_packing_online_levels", {"horizon": True}),
        ("bin_packing_offline", {"item_by_item": True}),
        ("cvrp_savings", {"at_once": True}),
        ("cvrp_savings", {"set": "reevo_cvrp50"}),
    ],
)
def test_a_setting_that_changes_what_heuristics_are_told_calls_evoheur(name: str, settings: dict[str, Any]) -> None:
    text, needs_evoheur = exported(name, **settings)
    assert needs_evoheur
    assert repr(settings) in text


def test_a_heuristic_that_hides_what_is_built_in_calls_evoheur() -> None:
    assert exported("tsp_insertion", "sum = 3\n" + OTHERS["tsp_insertion"])[1]


def test_a_heuristic_with_a_solve_of_its_own_keeps_it() -> None:
    own = "def solve(value):\n    return value\n\n\n"
    problem = load_problem("tsp_insertion", {})
    code = HEAD + own + OTHERS["tsp_insertion"]
    solver = standalone_solver(code, problem, ProblemConfig(name="tsp_insertion"), seed=1)
    assert solver.solve == "tsp_insertion_solve"
    names: dict[str, Any] = {"__name__": "exported"}
    exec(f"{code}\n\n{solver.source}".replace("njit(cache=True", "njit(cache=False"), names)
    assert names["solve"](5) == 5
    assert sorted(names["tsp_insertion_solve"](problem.instances("train")[0].distances)) == list(
        range(problem.instances("train")[0].cities)
    )
