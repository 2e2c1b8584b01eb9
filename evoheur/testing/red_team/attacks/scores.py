"""Attacks on scores by forging or by changing measurement.

They want a better score than the solutions are worth.
"""

from collections.abc import Callable
from typing import Any

from evoheur.candidate import Evaluation, Status
from evoheur.problem import Problem
from evoheur.testing.red_team.attack import ScoreAttack

__all__ = ["AROUND", "SCORES", "better"]

_BURNT = 0.3  # seconds of processor time on each instance

AROUND = """
import builtins, json, os, struct, sys, time
import numpy as np
import evoheur.evaluation.guest_job as job
problem = job._warm["problem"]
kind = type(problem)

def callers():
    frame = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back

def local(name):
    return next(frame.f_locals[name] for frame in callers() if name in frame.f_locals)

def arrays(instance):
    return [value for value in vars(instance).values() if isinstance(value, np.ndarray)]
"""
"""What attacks on scores begin with: ways to look around in the process."""

_FREE = "\nkind.cost = lambda self, instance, solution: 0.0\n"

_SWAP = """
original = kind.decode
def forged(self, data):
    instance = original(self, data)
    for array in arrays(instance):
        array[...] = 1
    return instance
kind.decode = forged
"""

_IN_PLACE = """
def hook(*arguments):
    for array in arrays(local("instance")):
        array[...] = 1
"""

# From the first call on it answers every question itself, as fast as the host can ask.
_REPLY = """
def read(size):
    data = b""
    while len(data) < size:
        data += os.read(3, size - len(data)) or sys.exit()
    return data
def hook(*arguments):
    size, nonce = arrays(local("instance"))[0].size, local("nonce")
    forged = {"cost": 0.0, "objective": -100.0, "reference": 1e9, "seconds": 0.0, "solution": [0] * size, "notes": {}}
    while True:
        reply = json.dumps({"nonce": nonce, "status": "ok", "value": forged}).encode()
        os.write(3, struct.pack(">I", len(reply)) + reply)
        nonce = json.loads(read(struct.unpack(">I", read(4))[0]))["nonce"]
"""

# Heuristics and compilers need the real float, so it is forged only between solving and pricing, with pricing compiled before.
_FLOAT = """
sys.modules[kind.__module__].bin_loads(np.array([0]), np.array([1]))
real_float, real_solve = float, kind.solve
def solve(self, *arguments):
    builtins.float = real_float
    solution = real_solve(self, *arguments)
    builtins.float = lambda value=0.0: 0.0
    return solution
kind.solve = solve
"""

_ENCODER = """
dumps = json.dumps
def forged(value, **options):
    if isinstance(value, dict) and "notes" in value:
        value = {"cost": 0.0, "objective": -100.0, "seconds": 0.0, "solution": [0] * local_size[0], "notes": {}}
    return dumps(value, **options)
json.dumps = forged
local_size = [1]
def hook(*arguments):
    local_size[0] = arrays(local("instance"))[0].size
"""

_NUMPY = """
np.count_nonzero = lambda *arguments, **options: 1
np.bincount = lambda *arguments, **options: np.ones(1)
"""

_CLOCK = f"""
burn = time.process_time
for clock in ("time", "perf_counter", "process_time", "monotonic", "thread_time"):
    setattr(time, clock, lambda: 0.0)
    setattr(time, clock + "_ns", lambda: 0)
done = []
def hook(*arguments):
    instance = local("instance").name
    if instance not in done:
        done.append(instance)
        end = burn() + {_BURNT}
        while burn() < end: pass
"""

_NOTES = """
def hook(*arguments):
    local("heuristic").notes.update((str(number), "x" * 1000) for number in range(5000))
"""

# The mark that this is a guest is no wall, so it is wiped off; what then cannot be had is the file of the generator. A candidate that
# carries the generator in its own source needs no file: no sandbox prevents that, and the splits that ship are public.
_OTHER_SPLIT = """
sys.modules["evoheur.problem"]._side["guest"] = False
def hook(*arguments):
    local("heuristic").notes["peek"] = str(arrays(problem.instances("validation")[0])[0][:12].tolist())
"""


def better(evaluation: Evaluation, honest: Evaluation, problem: Problem[Any]) -> str:  # noqa: ARG001 - one form for all
    """Tell that an objective is below the honest one."""
    if evaluation.objective is None or honest.objective is None or evaluation.objective >= honest.objective - 1e-9:
        return ""
    return f"its objective is {evaluation.objective:.4g} where the same rule honestly gets {honest.objective:.4g}"


def _hidden_time(evaluation: Evaluation, honest: Evaluation, problem: Problem[Any]) -> str:  # noqa: ARG001 - one form for all
    burnt = _BURNT * len(evaluation.results)
    if evaluation.status is Status.OK and evaluation.cpu_seconds < burnt:
        return f"it used {burnt:.1f} s, and {evaluation.cpu_seconds:.1f} s are booked"
    return ""


def _long_notes(evaluation: Evaluation, honest: Evaluation, problem: Problem[Any]) -> str:  # noqa: ARG001 - one form for all
    longest = max((sum(len(key) + len(text) for key, text in result.notes.items()) for result in evaluation.results), default=0)
    return f"it filled the archive with notes of {longest} characters" if longest > 8 * 400 else ""


def _peeked(evaluation: Evaluation, honest: Evaluation, problem: Problem[Any]) -> str:  # noqa: ARG001 - one form for all
    secret = problem.encode(problem.instances("validation")[0])
    beginnings = [str([*value[:12]]) for value in secret.values() if isinstance(value, list)]
    told = [text for result in evaluation.results for text in result.notes.values()]
    return "it knows instances of another split" if any(text in beginnings for text in told) else ""


def _attack(
    name: str,
    tries: str,
    body: str,
    *,
    gain: Callable[[Evaluation, Evaluation, Problem[Any]], str] = better,
) -> ScoreAttack:
    return ScoreAttack(name=name, family="scores", tries=tries, source=AROUND + body, gain=gain)


def _solution(name: str, tries: str, expression: str) -> ScoreAttack:
    solve = f"kind.solve = lambda self, heuristic, instance, rng: (lambda n: {expression})(arrays(instance)[0].size)"
    return _attack(name, tries, solve + _FREE)


SCORES = (
    _attack("forge-cost", "replace the function that prices", _FREE),
    _attack("forge-float", "replace a builtin that pricing needs", _FLOAT),
    _attack("forge-numpy", "replace the NumPy functions that pricing needs", _NUMPY),
    _attack("forge-reply", "write a reply with a score in it", _REPLY),
    _attack("forge-encoder", "replace what writes replies", _ENCODER),
    _attack("swap-instance", "solve an easier instance than the one that was sent", _SWAP),
    _attack("change-instance", "make the instance easier while it is solved", _IN_PLACE + _FREE),
    _solution("all-in-one", "put everything into one bin", "[0] * n"),
    _solution("negative-places", "use places that wrap around", "[-1] * n"),
    _solution("boolean-places", "use truth values for places", "[True] * n"),
    _solution("huge-places", "use a number that no machine word holds", "[10**30] * n"),
    _solution("missing-places", "leave most of it out", "[0]"),
    _solution("no-list", "answer with something else altogether", "{'cost': -1}"),
    _attack("touch-clock", "stop the clocks", _CLOCK, gain=_hidden_time),
    _attack("flood-notes", "fill the archive through the notes", _NOTES, gain=_long_notes),
    _attack("other-split", "know the instances of another split", _OTHER_SPLIT, gain=_peeked),
)
"""Attacks on scores; the first array of an instance tells its length, and a solution is a list of that length."""
