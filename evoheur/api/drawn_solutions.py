"""Drawing of solutions that were kept, and of those of textbook rules, which are trusted code."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evoheur.api.contender import RULE_PREFIX, scoring_config
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.candidate import InstanceResult, Status
from evoheur.charts.solution_table import SolutionTable, table_of_solution
from evoheur.components import nearest
from evoheur.drawing import Drawing
from evoheur.errors import ConfigError
from evoheur.evaluation.evaluator import price
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.instance_files import READER_FAULTS
from evoheur.problem import SPLITS, Instance, Json, Problem, Split, to_json
from evoheur.problem_loading import load_problem
from evoheur.run.instance_source import InstanceSource
from evoheur.run.problem_config import ProblemConfig

__all__ = ["DrawnSolution", "RunProblem", "draw_kept", "draw_textbook", "drawn_result", "picture_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSolution:
    """A solution as it is shown.

    Attributes:
        name: Of what solved: "quickstart-1/17" or "textbook:best_fit".
        result: Its price by trusted code, beside the reference.
        picture: The drawing, or a table where the problem draws none.
        remark: What its reader must know, such as another price than the archive's; empty for nothing.
    """

    name: str
    result: InstanceResult
    picture: Drawing | SolutionTable
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProblem:
    """The problem of a run with its instances, as its heuristics were scored on them.

    Attributes:
        problem: The trusted side's.
        named: As it is configured.
        memory_mib: What a heuristic may use; instances that need more are left out.
    """

    problem: Problem[Any]
    named: ProblemConfig
    memory_mib: int | None = None
    _made: dict[Split, InstanceSet] = field(default_factory=dict)

    @classmethod
    def of(cls, run: RunRecord) -> "RunProblem":
        """The problem of a run; equal ones are loaded once.

        Raises:
            ConfigError: It is not here, or the stored configuration is not valid in this version.
        """
        config = scoring_config(run)
        return _loaded(json.dumps(config.problem.model_dump(mode="json"), sort_keys=True), config.evaluation.limits.memory_mib)

    def instances(self, split: Split) -> InstanceSet:
        """The instances of a split.

        Raises:
            ConfigError: There is no such split, or a file of the user's cannot be read.
        """
        if split not in SPLITS:
            raise ConfigError(f"There is no split {split!r:.60}{nearest(str(split), SPLITS)}; there are: {', '.join(SPLITS)}.")
        if split not in self._made:
            source = InstanceSource.of(self.problem, self.named, memory_mib=self.memory_mib)
            self._made[split] = source.split(split)
        return self._made[split]

    def instance(self, split: Split, name: str) -> InstanceSet:
        """One instance of a split, as a set of its own.

        Raises:
            ConfigError: There is none of that name; says which there are.
        """
        for one in self.instances(split).singly():
            if one.instances[0].name == name:
                return one
        names = [instance.name for instance in self.instances(split).instances]
        known = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
        raise ConfigError(f"There is no instance {name!r:.80}{nearest(name, names)} in {split}; there are: {known}.")


@functools.lru_cache(maxsize=8)
def _loaded(named: str, memory_mib: int | None) -> RunProblem:
    config = ProblemConfig.model_validate(json.loads(named))
    return RunProblem(problem=load_problem(config.name, config.settings), named=config, memory_mib=memory_mib)


def draw_kept(archive: ArchiveReader, record: CandidateRecord, split: Split, instance: str) -> DrawnSolution | None:
    """Draw the solution that was kept of a candidate; None if none was.

    No heuristic runs for it.

    Raises:
        ConfigError: The problem or the instance is not here, or the problem fails to draw.
    """
    kept = archive.solutions(record.run, record.candidate.id).get(split, {})
    if instance not in kept:
        return None
    found = RunProblem.of(archive.run(record.run))
    result = _priced(found.problem, found.instance(split, instance), kept[instance])
    return drawn_result(
        found.problem, found.instance(split, instance).instances[0], kept[instance], name=record.id, result=result, record=record
    )


def draw_textbook(found: RunProblem, rule: str, split: Split, instance: str) -> DrawnSolution:
    """Let a textbook rule solve an instance in this process, and draw what it gives.

    Raises:
        ConfigError: There is no such rule or instance, or the problem fails to draw.
    """
    rules: Mapping[str, Any] = found.problem.textbook_rules()
    if rule not in rules:
        raise ConfigError(
            f"There is no textbook rule {rule!r:.80}{nearest(rule, rules)}; there are: {', '.join(rules) or 'none'}."
        )
    one = found.instance(split, instance)
    found.problem.warm_up()
    solution = to_json(rules[rule](one.instances[0]))
    result = _priced(found.problem, one, solution)
    return drawn_result(found.problem, one.instances[0], solution, name=f"{RULE_PREFIX}{rule}", result=result)


def drawn_result(
    problem: Problem[Any],
    instance: Instance,
    solution: Json,
    *,
    name: str,
    result: InstanceResult,
    record: CandidateRecord | None = None,
) -> DrawnSolution:
    """A priced solution with its picture, compared with what the archive has of its candidate.

    Args:
        problem: The trusted side's.
        instance: What was solved.
        solution: Checked or not.
        name: Of what solved it.
        result: The solution's price; no solution has a table of what was answered.
        record: The candidate, whose score on the instance the price is compared with.
    """
    if result.status is not Status.OK:
        return DrawnSolution(name=name, result=result, picture=table_of_solution(instance.name, solution), remark=result.detail)
    scored = _score_of(record, instance.name)
    other = scored is not None and scored != result.cost
    remark = f"It costs {result.cost!r}, and {name} was scored with {scored!r} on this instance." if other else ""
    return DrawnSolution(name=name, result=result, picture=picture_of(problem, instance, solution), remark=remark)


def picture_of(problem: Problem[Any], instance: Instance, solution: Json) -> Drawing | SolutionTable:
    """The problem's drawing of a solution, or a table where it draws none.

    Args:
        problem: The trusted side's.
        instance: What was solved.
        solution: One that `Problem.cost` accepted.

    Raises:
        ConfigError: The problem's own code fails.
    """
    kind = type(problem).__name__
    try:
        drawing: object = problem.draw(instance, solution)
    except (ConfigError, ImportError, *READER_FAULTS) as error:
        raise ConfigError(f"{kind}.draw fails for {instance.name!r} ({type(error).__name__}: {error}); correct it.") from error
    if drawing is None:
        return table_of_solution(instance.name, solution)
    if not isinstance(drawing, Drawing):
        raise ConfigError(
            f"{kind}.draw gives {type(drawing).__name__} for {instance.name!r}; return a Drawing, or None for a table."
        )
    return drawing


def _priced(problem: Problem[Any], one: InstanceSet, solution: Json) -> InstanceResult:
    [instance] = one.instances
    return price(problem, instance, solution, one.references[instance.name])


def _score_of(record: CandidateRecord | None, instance: str) -> float | None:
    results = [] if record is None else [each for found in record.evaluations.values() for each in found.results]
    return next((result.cost for result in results if result.instance == instance), None)
