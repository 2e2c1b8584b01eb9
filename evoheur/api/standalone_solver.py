"""What solves instances in an exported file.

Where the problem has a module in `problems/standalone/`, it is copied with all that it needs, so that the file needs no evoheur. Else the
file calls evoheur, which has to be installed.
"""

import importlib
import importlib.util
from typing import Any

from evoheur.api.module_statements import NotBundled
from evoheur.api.source_bundle import bundle
from evoheur.exported_file import SOLVER_LINE
from evoheur.problem import Problem
from evoheur.run.problem_config import ProblemConfig
from evoheur.version import __version__

__all__ = ["StandaloneSolver", "standalone_solver"]

_MODULES = "evoheur.problems.standalone"
_COMMAND = "evoheur.standalone_command"
_BY_EVOHEUR = '''\
def solve_file(file):
    """Solve the instances of a file by evoheur {version} or later; their names, and solutions as text."""
    from evoheur.solving import solved_texts

    return solved_texts(__file__, file, problem={problem!r}, settings={settings!r}, seed={seed!r})


if __name__ == "__main__":
    from evoheur.standalone_command import solve_files

    solve_files(solve_file)
'''


class StandaloneSolver:
    """The lower part of an exported file.

    Attributes:
        source: Begins with `SOLVER_LINE`.
        needs_evoheur: Whether evoheur must be installed.
        solve: Name of the function that takes plain data; None where there is none.
    """

    def __init__(self, source: str, *, needs_evoheur: bool, solve: str | None) -> None:
        self.source = f"{SOLVER_LINE}\n\n{source}"
        self.needs_evoheur = needs_evoheur
        self.solve = solve


def standalone_solver(code: str, problem: Problem[Any], named: ProblemConfig, *, seed: int) -> StandaloneSolver:
    """Write what solves instances with a heuristic.

    Args:
        code: The heuristic; it stands above.
        problem: Its problem.
        named: The same, by name and settings.
        seed: Of its run, for stochastic frames.
    """
    try:
        found = _alone(code, problem, named)
    except NotBundled:  # the heuristic has names that would be in the way
        found = None
    if found is not None:
        return found
    source = _BY_EVOHEUR.format(version=__version__, problem=named.name, settings=dict(named.settings), seed=seed)
    return StandaloneSolver(source, needs_evoheur=True, solve=None)


def _alone(code: str, problem: Problem[Any], named: ProblemConfig) -> StandaloneSolver | None:
    name = f"{_MODULES}.{named.name}"
    if not named.name.isidentifier() or importlib.util.find_spec(name) is None:
        return None
    module = importlib.import_module(name)
    functions = problem.functions()
    if any(getattr(module, function.__name__, None) is not function for function in functions):
        return None  # a setting has changed what heuristics are told
    given = [function.__name__ for function in functions]
    solver = bundle([(name, "solve"), (name, "solve_file"), (_COMMAND, "solve_files")], given=given, beside=code)
    main = f'if __name__ == "__main__":\n    {solver.names["solve_files"]}({solver.names["solve_file"]})\n'
    return StandaloneSolver(f"{solver.source}\n\n{main}", needs_evoheur=False, solve=solver.names["solve"])
