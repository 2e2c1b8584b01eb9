"""The part of an evaluation that runs in the guest.

Beside untrusted code, it opens a candidate and solves instances with it. Imports `evoheur.problem`, `evoheur.online`,
`evoheur.kernel_cache`, `number_lists`, `binary_tables` and `told_apart` of this package, what an answer with bytes is, NumPy and numba
only. `prepare` runs before a guest knows its problem, `setup` once in the warm guest, `open_candidate` in the child of each candidate.
Nothing that leaves this module is trusted by the other side.
"""

import __future__

import functools
import hashlib
import importlib
import linecache
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, cast

import numba
import numpy as np

from evoheur.evaluation.binary_tables import sent_table
from evoheur.evaluation.number_lists import unpack
from evoheur.evaluation.told_apart import told_apart
from evoheur.kernel_cache import pass_over_stale_kernels
from evoheur.online import OnlineProblem
from evoheur.problem import Heuristic, Json, Problem, become_guest, instance_rng, to_json
from evoheur.problem_loading import load_problem
from evoheur.sandbox.binary_answer import BinaryAnswer

__all__ = ["MODULE_NAME", "open_candidate", "prepare", "setup", "threads"]

MODULE_NAME = "heuristic"
"""The file name that tracebacks show for a candidate's own lines."""

_REFUSED_THREAD = ("can't start new thread", "Operation not permitted", "Resource temporarily unavailable")

_warm: dict[str, Problem[Any]] = {}  # filled by setup before any fork; children inherit it
_states: list[Mapping[str, Any]] = []  # the same


@functools.cache
def prepare() -> None:
    """Have numba ready to compile and to load kernels.

    A candidate may use numba. The first compilation of a process takes 0.4 s, SciPy's import included, and later ones 0.06 s, so the guest
    makes the first, or what it is forked from.
    """
    pass_over_stale_kernels()
    numba.njit(lambda number: number + 1.0)(1.0)


def setup(payload: Mapping[str, Json]) -> None:
    """Load and warm up the problem in the guest.

    Without what only the trusted side may hold.

    Args:
        payload: {"problem": name, "settings": {…}, "folder": where its module is found, or None, "states": as `probe_states` gave them,
            or left out}.
    """
    become_guest()
    folder = payload.get("folder")
    problem = load_problem(payload["problem"], payload["settings"], folder=None if folder is None else Path(folder))
    for library in problem.libraries:
        importlib.import_module(library)
    problem.warm_up()
    _warm["problem"] = problem
    _states.extend(unpack(state) for state in payload.get("states", ()))
    _forbid_disk_cache()


def open_candidate(payload: Mapping[str, Json]) -> Callable[[Mapping[str, Json]], Json]:
    """Execute a candidate's source and return what answers questions about it.

    The questions:

    - {"instance": …} is answered with {"solution": …, "notes": …}, and {"instances": […]} with a list of such answers.
    - {"scope": …}, of an online problem, is answered with {"table": … or None, "notes": …}, bytes of the table beside it.
    - {"states": true} is answered with {"fingerprint": hash of its answers in the probe states}.
    - {"known": …, "name": …}, of an online problem, begins an instance whose arrivals are told one by one; see `Session.play`.

    Args:
        payload: {"code": source, "seed": run seed}.
    """
    return _Candidate(_warm["problem"], payload["code"], payload["seed"]).answer


class _Candidate:
    """One candidate at work in this process."""

    def __init__(self, problem: Problem[Any], code: str, seed: int) -> None:
        with _threads_explained(problem):
            namespace = _execute(code)
        functions = {function.__name__: _callable(namespace, function.__name__) for function in problem.functions()}
        self._problem = problem
        self._seed = seed
        self._heuristic = Heuristic(code=code, functions=functions)

    def answer(self, question: Mapping[str, Json]) -> Any:
        """See `open_candidate`."""
        if "instance" in question:
            return self._solved(question["instance"])
        if "instances" in question:
            return [self._solved(encoded) for encoded in question["instances"]]
        if "states" in question:
            return {"fingerprint": self._fingerprint()}
        problem = self._problem
        assert isinstance(problem, OnlineProblem), "only those are asked anything else"
        if "scope" in question:
            table, binary = sent_table(problem.tabulate(self._heuristic, question["scope"]))
            answer = {**table, "notes": self._notes()}
            return BinaryAnswer(answer, binary) if binary else answer
        with _threads_explained(problem):
            decide = problem.start(self._heuristic, question["known"], self._chance(question["name"]))

        def step(arrival: Json) -> Json:
            with _threads_explained(problem):
                return to_json(decide(arrival))

        return step

    def _solved(self, encoded: Json) -> Json:
        instance = self._problem.decode(unpack(encoded))
        with _threads_explained(self._problem):
            solution = self._problem.solve(self._heuristic, instance, self._chance(instance.name))
        return {"solution": to_json(solution), "notes": self._notes()}

    def _fingerprint(self) -> str:
        self._chance("probe states")
        digest = hashlib.sha256()
        functions = self._heuristic.functions
        with np.errstate(all="ignore"):
            for state in _states:
                arguments = [argument.copy() if isinstance(argument, np.ndarray) else argument for argument in state["arguments"]]
                digest.update(told_apart(functions[state["function"]](*arguments), by_order=self._problem.only_order_counts))
        return digest.hexdigest()[:32]

    def _chance(self, name: str) -> np.random.Generator:
        rng = instance_rng(self._seed, name)
        # A candidate that draws from the global generators gets the same numbers every time.
        np.random.seed(int(rng.integers(2**32)))  # noqa: NPY002 - these are the generators a candidate can reach
        random.seed(int(rng.integers(2**63)))
        return rng

    def _notes(self) -> dict[str, str]:
        notes = dict(self._heuristic.notes)
        self._heuristic.notes.clear()
        return notes


def threads() -> int:
    """How many threads a child may start; asked once after `setup`."""
    return _warm["problem"].threads


@contextmanager
def _threads_explained(problem: Problem[Any]) -> Iterator[None]:
    # Python and libraries in C++ say only that something was refused, not what would allow it.
    try:
        yield
    except RuntimeError as error:
        if any(words in str(error) for words in _REFUSED_THREAD):
            advice = "a problem whose solver needs more says so in its class: threads: ClassVar[int] = N"
            error.args = (f"{error}: the sandbox lets {problem.threads or 'no'} threads start; {advice}",)
        raise


def _execute(code: str) -> dict[str, Any]:
    # A real module, registered under its name, because dataclasses and numba look their own module up.
    module = ModuleType(MODULE_NAME)
    module.__file__ = MODULE_NAME
    sys.modules[MODULE_NAME] = module
    linecache.cache[MODULE_NAME] = (len(code), None, code.splitlines(keepends=True), MODULE_NAME)
    exec(_compiled(code), module.__dict__)  # noqa: S102 - this is what the sandbox is for
    return module.__dict__


def _compiled(code: str) -> CodeType:
    # Annotations have no effect on what a heuristic does, so one that names nothing must not end it: they are kept as text.
    try:
        flags = __future__.annotations.compiler_flag
        return cast("CodeType", compile(code, MODULE_NAME, "exec", flags=flags, dont_inherit=True))
    except SyntaxError:  # an assignment in an annotation, which only one that is read may have
        return compile(code, MODULE_NAME, "exec", dont_inherit=True)


def _callable(namespace: Mapping[str, Any], name: str) -> Callable[..., Any]:
    if name not in namespace:
        raise NameError(f"the code defines no {name} when it is executed")
    found = namespace[name]
    if not callable(found):
        raise TypeError(f"{name} is of type {type(found).__name__} when the code has been executed, not a function")
    return cast("Callable[..., Any]", found)


def _forbid_disk_cache() -> None:
    # numba's disk cache is pickle: a candidate that could write it would run code in whoever reads it. With caching made a no-op,
    # @njit(cache=True) in a candidate, and a problem's kernel that meets new types there, compile instead of failing for want of a file.
    dispatcher, caching = sys.modules.get("numba.core.dispatcher"), sys.modules.get("numba.core.caching")
    if dispatcher is not None and caching is not None:
        dispatcher.Dispatcher.enable_caching = lambda _self: None
        caching.Cache.load_overload = lambda _self, _signature, _context: None
        caching.Cache.save_overload = lambda _self, _signature, _data: None
