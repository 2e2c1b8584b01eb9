"""The failures of a run by kind and operator, with examples."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from evoheur.archive.course_queries import CourseStep
from evoheur.archive.records import FailureExample, FailureGroup
from evoheur.candidate import Status
from evoheur.charts.run_course import RunCourse

__all__ = ["FailureKind", "FailureKinds", "FailureStage", "failure_kinds"]

FailureStage: TypeAlias = Literal["generation", "parsing", "evaluation"]
"""No reply, no usable code in it, or code that failed when it was evaluated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureKind:
    """All that failed in one way.

    Attributes:
        stage: Where it failed.
        reason: The failure's reason, or the candidate's status.
        count: How many; a duplicate of a failed candidate counts again.
        operators: Operator → how many of them, most frequent first.
        examples: The first few, where they were asked for.
    """

    stage: FailureStage
    reason: str
    count: int
    operators: Mapping[str, int]
    examples: tuple[FailureExample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureKinds:
    """The failures of a run.

    Attributes:
        run: Name of the run.
        kinds: Most frequent first.
        outcomes: How many outcomes there were, failed or not.
    """

    run: str
    kinds: tuple[FailureKind, ...]
    outcomes: int


def failure_kinds(course: RunCourse, examples: Iterable[FailureGroup] = ()) -> FailureKinds:
    """Count the failures of a run; what was cut short did not fail.

    Args:
        course: As it was read so far.
        examples: Groups with examples, as `ArchiveReader.failures` reads them; without them, kinds have none.
    """
    known = {(group.stage, group.reason): group.examples for group in examples}
    counts: dict[tuple[FailureStage, str], Counter[str]] = {}
    for step, _, _ in course.moments:
        kind = _kind(step)
        if kind is not None:
            counts.setdefault(kind, Counter())[step.operator] += 1
    kinds = [
        FailureKind(
            stage=stage,
            reason=reason,
            count=operators.total(),
            operators=dict(sorted(operators.items(), key=lambda item: (-item[1], item[0]))),
            examples=known.get((stage, reason), ()),
        )
        for (stage, reason), operators in counts.items()
    ]
    ordered = sorted(kinds, key=lambda kind: (-kind.count, kind.stage, kind.reason))
    return FailureKinds(run=course.run.name, kinds=tuple(ordered), outcomes=len(course.moments))


def _kind(step: CourseStep) -> tuple[FailureStage, str] | None:
    fate = step.fate
    if fate.reason is not None and step.stage is not None:
        return cast("FailureStage", step.stage), fate.reason
    if fate.status is None or fate.status in {Status.OK, Status.PRUNED}:
        return None
    return "evaluation", fate.status.value
