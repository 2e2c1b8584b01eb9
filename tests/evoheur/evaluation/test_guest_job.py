"""What runs in the guest, looked at through the evaluator."""

from pathlib import Path
from typing import Literal

import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import DockerConfig, JailConfig, guest_entry
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits

_LIMITS = Limits(load_seconds=20, cpu_seconds=20, wall_seconds=30, memory_mib=256)
_PLAIN = "        loads = np.zeros(instance.machines, dtype=np.int64)\n"
_WITH_THREADS = (
    "        from concurrent.futures import ThreadPoolExecutor\n"
    "        with ThreadPoolExecutor(2) as pool:\n            assert sum(pool.map(int, '123')) == 6\n" + _PLAIN
)
_HONEST = "def choose(length, loads):\n    return -loads.astype(float)\n"
_STARTS_A_THREAD = "import threading\nthreading.Thread(target=print).start()\n" + _HONEST


def _evaluate(scheduling: str, folder: Path, setting: str, code: str) -> Evaluation:
    # The problem of the other tests, with a solver that works with two threads.
    source = (Path(scheduling) / "problem.py").read_text()
    assert _PLAIN in source
    source = source.replace(_PLAIN, _WITH_THREADS).replace("    references_are_bounds = True\n", setting)
    (folder / "problem.py").write_text(source)
    problem = load_problem(str(folder))
    evaluator = Evaluator(problem, JailConfig().build(guest_entry(str(folder), {})), _LIMITS, seed=1)
    try:
        return evaluator.evaluate(EvaluationTask(code=code, instances=InstanceSet.of_split(problem, "train")))
    finally:
        evaluator.close()


def test_a_solver_starts_as_many_threads_as_its_problem_says(scheduling: str, tmp_path: Path) -> None:
    evaluation = _evaluate(scheduling, tmp_path, "    threads = 2\n", _HONEST)
    assert evaluation.status is Status.OK, evaluation.detail


@pytest.mark.parametrize("code", [_HONEST, _STARTS_A_THREAD])
def test_who_is_refused_a_thread_is_told_the_setting(scheduling: str, tmp_path: Path, code: str) -> None:
    """The solver, and a candidate as it is loaded: the reason names what would allow it."""
    evaluation = _evaluate(scheduling, tmp_path, "", code)
    assert evaluation.status is Status.ERROR
    last = evaluation.detail.splitlines()[-1]
    assert last.startswith("RuntimeError: can't start new thread: the sandbox lets no threads start; ")
    assert last.endswith("threads: ClassVar[int] = N")


_LOOKS_AROUND = """
import importlib, os, sys
[package] = [name.removesuffix(".problem") for name in sys.modules if name.endswith(".problem") and name != "evoheur.problem"]
attempts = {{
    "read": lambda: open({folder!r} + "/problem.py").read(),
    "list": lambda: os.listdir({folder!r}),
    "look": lambda: os.stat({folder!r} + "/best_known.json"),
    "import": lambda: importlib.import_module(package + ".unused"),
}}
def outcome(attempt):
    try:
        attempt()
    except (OSError, ImportError) as error:
        return type(error).__name__
    return "done"
raise ValueError({{name: outcome(attempt) for name, attempt in attempts.items()}})
"""


@pytest.mark.parametrize("level", ["L0", "L1", pytest.param("docker", marks=pytest.mark.docker)])
def test_of_a_problems_own_folder_candidates_reach_nothing(
    request: pytest.FixtureRequest, scheduling: str, tmp_path: Path, level: Literal["L0", "L1", "docker"]
) -> None:
    """No file and no name in it, though the guest has loaded the problem from there; at docker the container is even given the folder."""
    if level == "docker":
        request.getfixturevalue("docker_image")
    tmp_path.chmod(0o755)
    for name, text in {
        "unused.py": "",
        "best_known.json": "{}",
        "problem.py": (Path(scheduling) / "problem.py").read_text(),
    }.items():
        (tmp_path / name).write_text(text)
    problem = load_problem(str(tmp_path))
    config = DockerConfig() if level == "docker" else JailConfig(level=level)
    evaluator = Evaluator(problem, config.build(guest_entry(str(tmp_path), {})), _LIMITS, seed=1)
    try:
        evaluation = evaluator.evaluate(
            EvaluationTask(code=_LOOKS_AROUND.format(folder=str(tmp_path)), instances=InstanceSet.of_split(problem, "train"))
        )
    finally:
        evaluator.close()
    refused = {**dict.fromkeys(("read", "list", "look"), "PermissionError"), "import": "ModuleNotFoundError"}
    assert evaluation.detail.endswith(f"ValueError: {refused}")
