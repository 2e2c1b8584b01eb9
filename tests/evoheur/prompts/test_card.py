"""What the card reads off a problem."""

import ast
import functools
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.prompts.card import ProblemCard
from tests.evoheur.prompts.support.made_up import PairRoutingTSP, Undescribed, VanLoading

FRAME = '''"""A problem written by a test."""
from tests.evoheur.prompts.support.made_up import VanLoading

{above}

class Written(VanLoading):
    """A problem that a test wrote."""

    heuristic = {heuristic}
'''


def written_problem(folder: Path, *, above: str, heuristic: str = "staticmethod(rule)") -> Problem[Any]:
    """Import a problem from a file that holds these definitions."""
    name = f"written_{abs(hash((above, heuristic)))}"
    path = folder / f"{name}.py"
    path.write_text(FRAME.format(above=above, heuristic=heuristic))
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    problem: Problem[Any] = module.Written()
    return problem


def run(code: str) -> dict[str, Any]:
    """Execute a file's text on its own and return what it defines."""
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    return namespace


def test_one_function() -> None:
    """Names, arrays and texts of a problem with one function; the type alias `Room` is seen through."""
    card = ProblemCard.from_problem(VanLoading())
    (function,) = card.functions
    assert card.title == "Van loading"
    assert card.description.splitlines()[0] == "Load parcels that arrive one by one into as few vans as possible."
    assert "Told to users" not in card.description
    assert (function.name, function.parameters, function.arrays) == ("load_order", ("parcel", "room"), ("room",))
    assert function.returns_array
    assert function.call == "load_order(parcel, room)"
    assert function.docstring.splitlines()[2:4] == ["Args:", "    parcel: Size of the parcel, at least 1."]


def test_several_functions() -> None:
    """Each is read for itself; a title keeps its capitals."""
    card = ProblemCard.from_problem(PairRoutingTSP())
    assert card.title == "Pair routing TSP"
    assert [function.call for function in card.functions] == ["detour(here, there, distances)", "accept(change, step)"]
    assert [function.returns_array for function in card.functions] == [False, False]
    assert [function.arrays for function in card.functions] == [("distances",), ()]
    assert [function.docstring for function in card.functions] == ["Cost of going from `here` to `there`.", ""]


def test_code_runs_on_its_own() -> None:
    """With the constant and the alias it needs: -|room - parcel - SLACK| for SLACK = 2 and parcel 3 is 0 at 5 and -2 at 3 and 7."""
    scores = run(ProblemCard.from_problem(VanLoading()).code)["load_order"](3, np.array([3, 5, 7]))
    assert scores.tolist() == [-2.0, 0.0, -2.0]


def test_code_of_several_functions_runs_on_its_own() -> None:
    """With the helper they share and the import that the helper needs, and without the decorator: (1 + 3) / √4 = 2."""
    namespace = run(ProblemCard.from_problem(PairRoutingTSP()).code)
    assert namespace["detour"](0, 1, np.array([[0.0, 1.0], [3.0, 0.0]])) == 2.0
    assert namespace["accept"](-1.0)
    assert "traced" not in namespace


def test_code_keeps_comments_and_drops_what_is_not_needed() -> None:
    """The source is shown as its author wrote it, and nothing of the module that it does not use."""
    code = ProblemCard.from_problem(VanLoading()).code
    assert "# near-tight fits first" in code
    assert not {"UNUSED", "math", "functools", "Problem"} & set(ast.unparse(ast.parse(code)).replace("(", " ").split())


def test_skeleton_has_headers_and_docstrings_only() -> None:
    """It parses, its bodies are empty, and it needs the annotations' imports and nothing else."""
    tree = ast.parse(ProblemCard.from_problem(PairRoutingTSP()).skeleton)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert [ast.unparse(function.body[-1]) for function in functions] == ["...", "..."]
    assert [len(function.body) for function in functions] == [2, 1]
    assert [ast.unparse(node) for node in tree.body if not isinstance(node, ast.FunctionDef)] == [
        "import numpy as np",
        "from numpy.typing import NDArray",
    ]


def test_own_problem_by_folder(scheduling: str) -> None:
    """A problem in a single file, loaded from a folder, gives a card whose code runs on its own."""
    problem = load_problem(scheduling)
    card = ProblemCard.from_problem(problem)
    assert {function.name for function in card.functions} <= set(run(card.code))


@pytest.mark.parametrize("name", bundled_problems())
def test_bundled_problems(name: str) -> None:
    """Every problem that ships is described, and its first candidate runs on its own."""
    card = ProblemCard.from_problem(load_problem(name))
    assert len(card.description) > 40
    assert {function.name for function in card.functions} <= set(run(card.code))


@pytest.mark.parametrize(
    ("above", "wanted"),
    [
        ("def rule(x): return x + 1", "def rule(x): return x + 1"),
        ("import os, math as m\ndef rule(x):\n    return m.sqrt(x)", "import math as m"),
        ("A = 1\nB = A + 1\ndef rule(x):\n    return x * B", "A = 1\n\n\nB = A + 1"),
        ("A: int = 4\ndef rule(x, y=A):\n    return x", "A: int = 4"),
        ("A, B = 1, 2\ndef rule(x):\n    return B", "A, B = 1, 2"),
        ("class Box:\n    pass\ndef rule(x):\n    return Box()", "class Box:\n    pass"),
        (
            "import functools\n@functools.cache\ndef f(x):\n    return x\ndef rule(x):\n    return f(x)",
            "@functools.cache\ndef f(x):",
        ),
        ("def f(n):\n    return g(n)\ndef g(n):\n    return n and f(n - 1)\ndef rule(x):\n    return f(x)", "def g(n):"),
        ("scale = 3\ndef rule(x):\n    scale = 2\n    return scale * x", "def rule(x):\n    scale = 2"),
    ],
    ids=[
        "one line",
        "aliased import",
        "constant of a constant",
        "default",
        "unpacking",
        "class",
        "decorated",
        "recursive",
        "local name",
    ],
)
def test_what_a_function_needs_comes_along(tmp_path: Path, above: str, wanted: str) -> None:
    """Each kind of definition is found, also through another one, and the code runs on its own."""
    code = ProblemCard.from_problem(written_problem(tmp_path, above=above)).code
    assert wanted in code
    assert "VanLoading" not in code
    assert run(code)["rule"](0) is not None


def test_names_that_are_local_bring_nothing_along(tmp_path: Path) -> None:
    """A module's constant with the name of a local variable stays behind."""
    problem = written_problem(tmp_path, above="scale = 3\ndef rule(x):\n    scale = 2\n    return scale * x")
    assert "scale = 3" not in ProblemCard.from_problem(problem).code


def test_functions_that_call_each_other_are_shown_once(tmp_path: Path) -> None:
    """What evolves is no helper of another function that evolves."""
    above = "def first(x):\n    return x + 1\ndef second(x):\n    return first(x) * 2"
    problem = written_problem(tmp_path, above=above, heuristic="(first, second)")
    code = ProblemCard.from_problem(problem).code
    assert code.count("def first") == code.count("def second") == 1
    assert run(code)["second"](1) == 4


def test_no_docstring_is_refused() -> None:
    """The model must be told something; the message names the class."""
    with pytest.raises(ConfigError, match=r"Undescribed has no docstring.*write one"):
        ProblemCard.from_problem(Undescribed())


def lambda_in_a_file(folder: Path) -> Problem[Any]:
    """A heuristic without a `def`."""
    return written_problem(folder, above="", heuristic="staticmethod(lambda x: x)")


def no_file(folder: Path) -> Problem[Any]:
    """A heuristic whose source is nowhere to be read."""
    return written_problem(folder, above="exec('def rule(x): return x')")


def builtin(folder: Path) -> Problem[Any]:
    """A heuristic that is not written in Python."""
    return written_problem(folder, above="", heuristic="staticmethod(len)")


@pytest.mark.parametrize("make", [lambda_in_a_file, no_file, builtin])
def test_source_that_cannot_be_read_is_refused(tmp_path: Path, make: Callable[[Path], Problem[Any]]) -> None:
    """The message says what to write instead."""
    with pytest.raises(ConfigError, match=r"write it (so in|with `def` in) problem.py"):
        ProblemCard.from_problem(make(tmp_path))


def test_relative_import_is_refused(tmp_path: Path) -> None:
    """A candidate is a file of its own, so the baseline cannot lean on the package it lives in."""
    above = "if False:\n    pass\ntry:\n    from .other import f\nexcept ImportError:\n    f = abs\ndef rule(x):\n    return f(x)"
    assert "f = abs" not in ProblemCard.from_problem(written_problem(tmp_path, above=above)).code
    (tmp_path / "problem.py").write_text(
        FRAME.format(above="from .other import f\ndef rule(x):\n    return f(x)", heuristic="staticmethod(rule)")
    )
    (tmp_path / "other.py").write_text("f = abs\n")
    with pytest.raises(ConfigError, match=r"needs 'f' from the relative import 'from .other import f'.*define 'f' in problem.py"):
        ProblemCard.from_problem(load_problem(str(tmp_path)))


def test_annotation_that_names_nothing_is_refused(tmp_path: Path) -> None:
    """A quoted annotation may be wrong without Python noticing; the message names it."""
    with pytest.raises(ConfigError, match=r"heuristic 'rule' names nothing: name 'Rooms' is not defined; import it"):
        ProblemCard.from_problem(written_problem(tmp_path, above="def rule(x: 'Rooms'):\n    return x"))


def test_wrapped_functions_are_unwrapped(tmp_path: Path) -> None:
    """`functools.wraps` and objects that keep the Python function as `py_func`, as numba's do, lead to the source."""

    class Compiled:
        def __init__(self, function: Callable[..., Any]) -> None:
            self.py_func = function

    problem = written_problem(tmp_path, above="def rule(x):\n    return x")
    kind = type(problem)
    plain = problem.functions()[0]
    kind.heuristic = (Compiled(plain),)  # type: ignore[assignment]
    assert ProblemCard.from_problem(problem).functions[0].name == "rule"
    kind.heuristic = staticmethod(functools.wraps(plain)(functools.partial(plain)))
    assert ProblemCard.from_problem(problem).functions[0].name == "rule"
