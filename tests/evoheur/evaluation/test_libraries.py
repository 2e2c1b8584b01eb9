"""Packages that a problem asks for: named to the model, let pass, there in the jail, and said how to install if they are not."""

import importlib.util
from pathlib import Path

import pytest

from evoheur.candidate import Status
from evoheur.code.screening import ALLOWED_IMPORTS, ScreenConfig, screen
from evoheur.errors import ConfigError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import JailConfig, ProcessConfig, SandboxConfig
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits
from tests.evoheur.cli.support.invoking import evoheur, refusal

_LIMITS = Limits(load_seconds=20, cpu_seconds=20, wall_seconds=60, memory_mib=1024)
_CODES = {
    "scipy": """
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import minimum_spanning_tree
import numpy as np

def choose(length, loads):
    assert minimum_spanning_tree(np.array([[0, 2, 3], [2, 0, 9], [3, 9, 0]])).sum() == 5
    [_], [machine] = linear_sum_assignment(loads[None, :].astype(float))
    return -np.abs(np.arange(len(loads)) - machine).astype(float)
""",
    "networkx": """
import networkx as nx

def choose(length, loads):
    graph = nx.path_graph(4)
    assert nx.shortest_path_length(graph, 0, 3) == 3
    return -loads.astype(float)
""",
    "ortools": """
from ortools.sat.python import cp_model

def choose(length, loads):
    model = cp_model.CpModel()
    number = model.new_int_var(0, 9, "number")
    model.minimize(number)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return -loads.astype(float)
""",
}
"""Code that uses a library, and schedules as Graham does."""
_ASKED = {"ortools": "ortools.sat.python.cp_model"}
"""Modules that import what is no part of their package."""
_GRAHAM = "def choose(length, loads):\n    return -loads.astype(float)\n"


@pytest.fixture(params=[*_CODES])
def library(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed (pip install {name})")
    return name


def asking_for(libraries: str, scheduling: str, folder: Path) -> Path:
    """The problem of the other tests, which asks for libraries."""
    source = (Path(scheduling) / "problem.py").read_text()
    asking = source.replace(
        "    references_are_bounds = True\n", f"    references_are_bounds = True\n    libraries = {libraries}\n"
    )
    assert asking != source
    folder.mkdir(exist_ok=True)
    (folder / "problem.py").write_text(asking)
    return folder


@pytest.mark.parametrize("level", [JailConfig(), ProcessConfig()], ids=lambda level: level.kind)
def test_a_candidate_computes_with_the_library(library: str, level: SandboxConfig, scheduling: str, tmp_path: Path) -> None:
    folder = asking_for(f"({_ASKED.get(library, library)!r},)", scheduling, tmp_path)
    problem = load_problem(str(folder))
    evaluator = EvaluatorRecipe(problem=str(folder), settings={}, sandbox=level, limits=_LIMITS, seed=1).make(problem)
    try:
        train = InstanceSet.of_split(problem, "train")
        plain, using = (evaluator.evaluate(EvaluationTask(code=code, instances=train)) for code in (_GRAHAM, _CODES[library]))
    finally:
        evaluator.close()
    assert using.status is Status.OK, using.detail
    assert using.objective == plain.objective


def test_the_screen_lets_pass_what_is_asked_for_and_nothing_else() -> None:
    asking = ScreenConfig().allowing(("scipy", "numpy", "scipy.optimize"))
    assert asking.imports == (*ALLOWED_IMPORTS, "scipy")
    assert screen(_CODES["scipy"], asking) is None
    assert "imports 'networkx'" in str(screen(_CODES["networkx"], asking))
    assert ScreenConfig().allowing(()) == ScreenConfig()


def test_the_model_is_told(scheduling: str) -> None:
    asking_for("('scipy',)", scheduling, Path("asking"))
    Path("run.yaml").write_text("problem: ./asking\nstrategy: {kind: eoh}\ngenerator: {kind: mutator}\n")
    told = evoheur("run", "run.yaml", "--dry-run")
    assert told.code == 0, told
    assert "Use NumPy as `np`, `scipy` and plain Python." in " ".join(told.out.split())


def test_a_file_of_a_generator_that_uses_it_is_scored(scheduling: str) -> None:
    asking_for("('scipy',)", scheduling, Path("asking"))
    Path("using.py").write_text(_CODES["scipy"])
    scored = evoheur("evaluate", "using.py", "--problem", "./asking", "--split", "train", "--json")
    assert scored.code == 0, scored


@pytest.mark.parametrize(
    ("libraries", "reason"),
    [
        ("('scipy', 'no_such_library')", "'no_such_library', which is not installed; pip install no_such_library"),
        ("'scipy'", "write a tuple of names"),
        ("('scikit-learn',)", "name the package that is imported"),
    ],
)
def test_a_library_that_cannot_be_had_is_named_with_the_remedy(
    libraries: str, reason: str, scheduling: str, tmp_path: Path
) -> None:
    folder = asking_for(libraries, scheduling, tmp_path)
    assert reason in refusal("problems", "show", str(folder))
    with pytest.raises(ConfigError):
        load_problem(str(folder))
