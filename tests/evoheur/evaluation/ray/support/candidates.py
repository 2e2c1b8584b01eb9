"""Candidates for the scheduling problem, and executors that evaluate them on Ray."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import psutil

from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.isolation import ProcessConfig, SandboxConfig
from evoheur.evaluation.ray.bridge_messages import Terms
from evoheur.evaluation.ray.bridge_process import Bridge
from evoheur.evaluation.ray.ray_config import RayConfig
from evoheur.evaluation.ray.ray_executor import RayExecutor
from evoheur.sandbox.interface import Limits

WORKER = "ray::EvaluationWorker"
"""Part of a worker's process title."""

GUEST = "evoheur.sandbox.guest"
"""Part of a guest's command line."""

HONEST = "def choose(length, loads):\n    return -loads.astype(float)\n"

ENDLESS = "def choose(length, loads):\n    while True: pass\n"

SUICIDAL = "import os\ndef choose(length, loads):\n    os._exit(3)\n"

SLOW = "import time\ndef choose(length, loads):\n    time.sleep(0.002)\n    return -loads.astype(float)\n"
"""The same scores as HONEST, a fifth of a second later or so."""

MURDEROUS = """
import os

def parent(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])

def choose(length, loads):
    fork_server = parent(os.getppid())
    os.kill(parent(fork_server), 9)
    return -loads.astype(float)
"""
"""Kills the Ray worker, which started what forked its guest; possible where the sandbox is no jail."""


def recipe(problem: str, sandbox: SandboxConfig | None = None) -> EvaluatorRecipe:
    limits = Limits(load_seconds=5, cpu_seconds=2, wall_seconds=4, memory_mib=256)
    return EvaluatorRecipe(problem=problem, settings={}, sandbox=sandbox or ProcessConfig(), limits=limits, seed=1)


def terms(recipe: EvaluatorRecipe, **settings: Any) -> Terms:
    return Terms.of(recipe, **RayConfig(**settings).model_dump(exclude={"kind"}))


def executor(recipe: EvaluatorRecipe, environ: Mapping[str, str] | None = None, **settings: Any) -> RayExecutor:
    """As `RayConfig.build` makes it, for a run whose environment also holds `environ`."""
    return RayExecutor(terms(recipe, **settings), launch=lambda terms: Bridge(terms, {**os.environ, **(environ or {})}))


def below(process: psutil.Process, title: str = "") -> list[psutil.Process]:
    """Descendants whose title contains a word."""
    found = []
    for child in process.children(recursive=True):
        try:
            if title in " ".join([child.name(), *child.cmdline()]):
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


def survivors(processes: Iterable[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Those that still run when time is up."""
    _, alive = psutil.wait_procs(list(processes), timeout=seconds)
    return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def eventually(true: Callable[[], bool], *, seconds: float = 30.0) -> bool:
    """Whether it becomes true before time is up."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
