"""Guests compile before candidates come, since each candidate's process would compile again what they lack."""

import subprocess
import sys

import pytest

from evoheur.problem_modules import bundled_problems

DAY = {"bin_packing_online_levels", "graph_colouring", "job_shop_dispatching", "tsp_insertion", "vrptw_insertion"}
NAMES = [name if name in DAY else pytest.param(name, marks=pytest.mark.nightly) for name in bundled_problems()]
"""By day those whose heuristics are formulas in compiled loops."""

GUEST = """
import sys

import numpy as np
from numba.core.dispatcher import Dispatcher

from evoheur.online import OnlineProblem
from evoheur.problem import Heuristic, become_guest
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard

problem = load_problem(sys.argv[1])
code, instance = ProblemCard.from_problem(problem).code, problem.instances("train")[0]
names = [function.__name__ for function in problem.functions()]
become_guest()
guest = load_problem(sys.argv[1])
guest.warm_up()

compiled = []
compile_one = Dispatcher.compile
Dispatcher.compile = lambda self, signature: compiled.append(self.py_func.__name__) or compile_one(self, signature)
functions = {}
exec(code, functions)
candidate = Heuristic(code=code, functions={name: functions[name] for name in names})
if isinstance(guest, OnlineProblem):
    guest.tabulate(candidate, guest.table_scope(instance))
guest.solve(candidate, instance, np.random.default_rng(0))
asked = {name: (lambda called: lambda *shown: called(*shown))(functions[name]) for name in names}
guest.solve(Heuristic(code="", functions=asked), instance, np.random.default_rng(0))
print(",".join(compiled))
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_warm_guest_compiles_nothing_more(name: str) -> None:
    """Neither for the starting heuristic, as a formula where it is one, nor for one that is asked at every step."""
    done = subprocess.run([sys.executable, "-c", GUEST, name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
