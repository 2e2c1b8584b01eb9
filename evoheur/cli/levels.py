"""Tries every isolation level the way a run would use it, and tells why one does not work."""

import importlib.util
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace

from evoheur.candidate import Evaluation, Status
from evoheur.cli.docker_daemon import ping_docker
from evoheur.cli.finding import Finding
from evoheur.errors import EvoheurError
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.isolation import JailConfig, LimitsConfig, ProcessConfig, guest_entry
from evoheur.evaluation.task import EvaluationTask
from evoheur.problem import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.sandbox.docker.sandbox import DockerSandbox
from evoheur.sandbox.docker.settings import Settings
from evoheur.sandbox.sandbox import Entry, Sandbox, SandboxUnavailable

__all__ = ["diagnose_levels", "docker_obstacle"]

_JAILED = "no files, no network, no other process, few system calls"
_PROMISES = {
    "jail L1": f"{_JAILED}; behind namespaces and a file system of its own",
    "jail L0": _JAILED,
    "docker": f"{_JAILED}; inside a container",
    "process": "contains crashes and loops, not files or network",
}
_NO_JAIL = (
    "Use a kernel with Landlock (5.13 or newer) or user namespaces, take --set evaluation.sandbox.kind=docker, or accept less with "
    "--set evaluation.sandbox.kind=process."
)
_NO_PROCESS = "Candidates cannot be run here; install evoheur again in a fresh environment (make quickstart does)."


def diagnose_levels(problem: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Run a candidate at every level; takes seconds for each.

    One level of the jail is enough; that a run would take the stronger one is told with it.

    Args:
        problem: The problem whose own heuristic is run.
        environ: Environment variables, for the address of a Docker daemon.

    Yields:
        One finding per level, the strongest first.
    """
    jails = [
        _level(problem, "jail L1", JailConfig(level="L1").build),
        _level(problem, "jail L0", JailConfig(level="L0").build),
    ]
    none = not any(jail.ok for jail in jails)
    yield from (replace(jail, needed=none, remedy=_NO_JAIL) for jail in jails)
    yield _docker(problem, environ)
    yield replace(_level(problem, "process", ProcessConfig().build), needed=True, remedy=_NO_PROCESS)


def docker_obstacle(environ: Mapping[str, str]) -> str:
    """Why no container can be started here, and what to do; empty if a daemon answers.

    Args:
        environ: Environment variables.
    """
    if importlib.util.find_spec("docker") is None:
        return "the Docker SDK for Python is not installed: pip install 'evoheur[docker]'"
    reachable, words = ping_docker(environ)
    return "" if reachable else f"{words}; start a daemon, or name another one's socket in DOCKER_HOST"


def _docker(problem: str, environ: Mapping[str, str]) -> Finding:
    if obstacle := docker_obstacle(environ):
        return Finding(area="isolation", name="docker", ok=False, detail=obstacle)
    host = environ.get("DOCKER_HOST") or None
    return _level(problem, "docker", lambda entry: DockerSandbox(entry, Settings(host=host)))


def _level(problem: str, name: str, build: Callable[[Entry], Sandbox]) -> Finding:
    finding = Finding(area="isolation", name=name, ok=False, detail="")
    try:
        ready, again, evaluation = _run_candidate(problem, build)
    except (EvoheurError, SandboxUnavailable, ImportError, OSError) as error:
        return replace(finding, detail=f"{type(error).__name__}: {error}")
    if evaluation.status is not Status.OK:
        return replace(finding, detail=f"the own heuristic of {problem} ends with {evaluation.status.value}: {evaluation.detail}")
    words = f"works as {evaluation.level}: a guest was ready in {ready:.1f} s, a candidate takes {1000 * again:.0f} ms"
    value = {"level": evaluation.level, "start_seconds": ready, "seconds": again}
    return replace(finding, ok=True, detail=f"{words}; {_PROMISES[name]}", value=value)


def _run_candidate(name: str, build: Callable[[Entry], Sandbox]) -> tuple[float, float, Evaluation]:
    """Run a problem's own heuristic twice on its first instance: seconds with and without the guest's start, and what came of it."""
    problem = load_problem(name)
    problem.warm_up()
    train = InstanceSet.of_split(problem, "train")
    first = replace(train, instances=train.instances[:1], encoded=train.encoded[:1])
    evaluator = Evaluator(problem, build(guest_entry(name, {})), LimitsConfig().limits(), seed=1)
    task = EvaluationTask(code=ProblemCard.from_problem(problem).code, instances=first)
    with closing(evaluator):
        start = time.monotonic()
        evaluation = evaluator.evaluate(task)
        ready = time.monotonic()
        if evaluation.status is Status.OK:
            evaluation = evaluator.evaluate(task)
    return ready - start, time.monotonic() - ready, evaluation
