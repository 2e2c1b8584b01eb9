"""Trials of every isolation level on this machine.

Each is used the way a run would use it; where one does not work, the finding says why.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace

from evoheur.api.machine.machine_finding import MachineFinding
from evoheur.candidate import Evaluation, Status
from evoheur.components import known_kinds
from evoheur.errors import ConfigError, EvoheurError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import BUILTIN_SANDBOXES, LimitsConfig, SandboxConfig, guest_entry, sandbox_configs
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.sandbox.interface import Entry, Sandbox, SandboxUnavailable

__all__ = ["diagnose_levels"]


def diagnose_levels(problem: str, environ: Mapping[str, str]) -> Iterator[MachineFinding]:
    """Run a candidate at every level; takes seconds for each.

    A level that needs no more than one of several ways to work is needed only where none of them works.

    Args:
        problem: The problem whose own heuristic is run.
        environ: Environment variables, for the address of a Docker daemon.

    Yields:
        One finding per level, in the order of `sandbox_configs`, the strongest of a kind first.
    """
    for kind in known_kinds(BUILTIN_SANDBOXES, what="sandbox"):
        try:
            [config_type] = sandbox_configs([kind]).values()
            tried = [(config, _level(problem, config, environ)) for config in config_type.to_try()]
        except ConfigError as error:  # of a plug-in, which must not keep the rest from being told
            yield MachineFinding(area="isolation", name=kind, ok=False, detail=str(error))
            continue
        for config, finding in tried:
            needed = config.needed and not any(other.ok for _, other in tried if other is not finding)
            yield replace(finding, needed=needed, remedy=config.remedy)


def _level(problem: str, config: SandboxConfig, environ: Mapping[str, str]) -> MachineFinding:
    finding = MachineFinding(area="isolation", name=config.level_name, ok=False, detail=config.obstacle(environ))
    if finding.detail:
        return finding
    try:
        ready, again, evaluation = _run_candidate(problem, config.build)
    except (EvoheurError, SandboxUnavailable, ImportError, OSError) as error:
        return replace(finding, detail=f"{type(error).__name__}: {error}")
    if evaluation.status is not Status.OK:
        return replace(finding, detail=f"the own heuristic of {problem} ends with {evaluation.status.value}: {evaluation.detail}")
    words = f"works as {evaluation.level}: a guest was ready in {ready:.1f} s, a candidate takes {1000 * again:.0f} ms"
    value = {"level": evaluation.level, "start_seconds": ready, "seconds": again}
    return replace(finding, ok=True, detail=f"{words}; {config.promise}", value=value)


def _run_candidate(name: str, build: Callable[[Entry], Sandbox]) -> tuple[float, float, Evaluation]:
    """Run a problem's own heuristic twice on its first instance.

    Gives the seconds with and without the guest's start, and the evaluation.
    """
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
