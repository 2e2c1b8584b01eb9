"""Scoring one heuristic on a set of instances.

In a sandbox that is started for it alone.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evoheur.api.interruption import run_alone
from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.code.signature import signatures_of
from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor, LocalConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.exported_file import heuristic_part
from evoheur.generation.parsing import check_code
from evoheur.problem import SPLITS, Problem, Split
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import checked_name
from evoheur.run.assemble import make_executor
from evoheur.run.config import EvaluationConfig
from evoheur.run.instance_source import InstanceSource
from evoheur.run.problem_config import ProblemConfig
from evoheur.text_files import read_text

__all__ = ["check_heuristic", "complete_families", "evaluate", "heuristic_named", "instances_of", "read_heuristic", "score"]


def evaluate(
    code_or_path: str | Path,
    problem: str | ProblemConfig,
    *,
    split: Split | None = None,
    instances: Path | str | None = None,
    settings: Mapping[str, Any] | None = None,
    evaluation: EvaluationConfig | None = None,
    seed: int = 1,
) -> Evaluation:
    r"""Score a heuristic in the sandbox.

    What it does wrong is the status of the answer, not an exception.

    Args:
        code_or_path: Source that defines the problem's functions; or its file: a `Path`, or a word that ends in .py.
        problem: Bundled name, folder of a problem.py, or a `ProblemConfig`.
        split: Instances of the problem; by default "validation".
        instances: Instances of your own in place of a split: a file or a folder that the problem reads.
        settings: Of the problem.
        evaluation: Sandbox and limits; by default those of a run. Its executor is not used.
        seed: For solvers that draw random numbers.

    Returns:
        Status, objective (minimised: gap in percent, or mean cost where there are no references), and a result for each instance.

    Raises:
        ConfigError: There is no such problem, file or instance, or the source does not define the problem's functions.
        ExecutorError: No sandbox can be started.

    Example:
        >>> best_fit = "def priority(item, bins):\n    return -bins"
        >>> found = evaluate(best_fit, "bin_packing_online", split="test")
        >>> found.status.value, round(found.objective, 2)
        ('ok', 3.63)
    """
    if split is not None and instances is not None:
        raise ConfigError(f"split={split!r} and instances={str(instances)!r} exclude each other; leave one of them out.")
    named, loaded, code = heuristic_named(code_or_path, problem, settings or {})
    evaluation = evaluation or EvaluationConfig()
    path = None if instances is None else Path(instances)
    chosen = instances_of(loaded, named, split, path, memory_mib=evaluation.limits.memory_mib)
    return score(loaded, named, evaluation, code, chosen, seed=seed)


def heuristic_named(
    code_or_path: str | Path, problem: str | ProblemConfig, settings: Mapping[str, Any]
) -> tuple[ProblemConfig, Problem[Any], str]:
    """Find a problem and a heuristic for it.

    Args:
        code_or_path: As for `evaluate`.
        problem: As for `evaluate`.
        settings: Of the problem, beside those it has.

    Returns:
        The problem as it is named, the problem itself, and the heuristic's source.

    Raises:
        ConfigError: There is no such problem or file, or the source does not define the problem's functions.
    """
    named = problem if isinstance(problem, ProblemConfig) else ProblemConfig(name=checked_name(problem))
    if settings:
        named = named.model_copy(update={"settings": {**named.settings, **settings}})
    loaded = load_problem(named.name, named.settings)
    is_path = _is_path(code_or_path)
    code = read_heuristic(Path(code_or_path)) if is_path else str(code_or_path).removeprefix("\ufeff")  # as a file may begin
    check_heuristic(code, loaded, str(code_or_path) if is_path else "The source", named.name)
    return named, loaded, code


def score(
    problem: Problem[Any], named: ProblemConfig, evaluation: EvaluationConfig, code: str, instances: InstanceSet, *, seed: int
) -> Evaluation:
    """Evaluate a heuristic as a run would.

    With the run's sandbox and limits but on this machine.

    Args:
        problem: Loaded from `named`.
        named: As the guest loads it too.
        evaluation: Sandbox and limits; its executor is not used.
        code: Source that defines the problem's functions.
        instances: What to solve.
        seed: For stochastic frames.

    Raises:
        ExecutorError: The guest cannot be started.
    """
    problem.warm_up()
    alone = evaluation.model_copy(update={"executor": LocalConfig(slots=1)})
    task = EvaluationTask(code=code, instances=instances, probe=True, scale_probe=evaluation.scale_probe)
    return run_alone(lambda: _evaluate_and_close(make_executor(problem, named, alone, seed=seed), task))


async def _evaluate_and_close(executor: Executor, task: EvaluationTask[InstanceSet]) -> Evaluation:
    try:
        return await executor.evaluate(task)
    finally:
        await executor.close()


def instances_of(
    problem: Problem[Any], named: ProblemConfig, split: Split | None, path: Path | None, *, memory_mib: int | None
) -> InstanceSet:
    """The instances to score on.

    Those of a path, else of a split, else of validation; without those for which a candidate may not use enough memory, which are named in
    `unread`.

    Raises:
        ConfigError: There is no such split, or they cannot be read; single files of a folder may be, and are named in `unread`.
    """
    if path is not None:
        return InstanceSet.of_path(problem, path, partly=True, memory_mib=memory_mib)
    if split is not None and split not in SPLITS:
        raise ConfigError(f"There is no split {split!r}{nearest(str(split), SPLITS)}; there are: {', '.join(SPLITS)}.")
    return InstanceSource.of(problem, named, memory_mib=memory_mib).split(split or "validation")


def read_heuristic(path: Path) -> str:
    """Read the source of a heuristic's file.

    Of an exported file, the part above what solves instances with it.

    Raises:
        ConfigError: It cannot be read.
    """
    text = read_text(path, what="heuristic file", most_mib=1, remedy="give the path of a heuristic, or RUN/NUMBER")
    return heuristic_part(text)


def check_heuristic(code: str, problem: Problem[Any], what: str, name: str) -> None:
    """Refuse a source without the functions of a problem.

    Args:
        code: The source.
        problem: Says what they are.
        what: Names the source in messages.
        name: Names the problem in messages.

    Raises:
        ConfigError: It does not; says what is expected and what is wrong.
    """
    signatures = signatures_of(problem.functions())
    fault = check_code(code, signatures)
    if fault is not None:
        wanted = " and ".join(map(str, signatures))
        found = fault.detail.partition("; expected ")[0]  # what is expected is said already
        raise ConfigError(f"{what} is no heuristic for {name}, which must define {wanted}: {found}.")


def _is_path(code_or_path: object) -> bool:
    if not isinstance(code_or_path, str | Path):
        raise ConfigError(f"The heuristic is {code_or_path!r:.80}; give its source, or the path of its file.")
    return isinstance(code_or_path, Path) or code_or_path.endswith(".py")


def complete_families(evaluation: Evaluation, instances: InstanceSet) -> dict[str, list[InstanceResult]]:
    """The results of each family, if complete.

    In the order in which families first appear; no results where any of a family's instances failed or was not reached.
    """
    wanted = Counter(instance.family for instance in instances.instances)
    solved: dict[str, list[InstanceResult]] = defaultdict(list)
    for result in evaluation.results:
        if result.status is Status.OK:
            solved[result.family].append(result)
    return {family: solved[family] if len(solved[family]) == number else [] for family, number in wanted.items()}
