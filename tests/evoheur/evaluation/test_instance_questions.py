"""How instances are put to a candidate."""

import itertools
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.evaluation.instance_questions import FailedTogether, answers
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Instance
from evoheur.sandbox.interface import Json, Report, ReportStatus


class Quick:
    """A session that answers at once with what it was asked, and remembers how many instances each question had.

    Args:
        fails_at: The instance at which it raises; None for never.
        forgets: Leave the last answer of a joint question out.
    """

    def __init__(self, *, fails_at: int | None = None, forgets: bool = False) -> None:
        self.sizes: list[int] = []
        self._fails_at = fails_at
        self._forgets = forgets

    def ask(self, question: Json) -> Report:
        asked = list(question["instances"]) if "instances" in question else [question["instance"]]
        self.sizes.append(len(asked))
        if self._fails_at in asked:
            return Report(status=ReportStatus.ERROR, detail="no idea")
        told: Any = asked[: len(asked) - self._forgets] if len(asked) > 1 else asked[0]
        return Report(status=ReportStatus.OK, value=told, cpu_seconds=1.0)

    def play(self, question: Json, arrivals: Sequence[Json], *, seconds: float) -> Report:
        raise AssertionError("whole instances are asked about here")

    def close(self) -> None:
        """Nothing to end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def numbered(families: str) -> InstanceSet:
    """An instance per letter, which names its family; the guest is sent its number."""
    made = tuple(Instance(name=str(number), family=family) for number, family in enumerate(families))
    return InstanceSet(split="train", instances=made, references={}, encoded=tuple(range(len(made))))  # type: ignore[arg-type]


@given(st.text("ab", min_size=1, max_size=200).map(lambda text: "".join(sorted(text))))
def test_every_instance_gets_its_own_answer_in_order_and_no_question_mixes_families(families: str) -> None:
    session, instances = Quick(), numbered(families)
    found = list(answers(session, instances, together=True))
    assert [(answer.instance.name, answer.report.value) for answer in found] == [(str(k), k) for k in range(len(families))]
    assert sum(answer.report.cpu_seconds for answer in found) == pytest.approx(len(session.sizes))
    first_family = families.count(families[0])
    assert first_family in {sum(session.sizes[:count]) for count in range(len(session.sizes) + 1)}


def test_quick_answers_earn_larger_questions() -> None:
    """One alone, then twice as many each time, as long as a question is answered in 20 ms."""
    session, ticks = Quick(), itertools.count()
    list(answers(session, numbered("a" * 40), together=True, clock=lambda: 0.0))
    assert session.sizes == [1, 2, 4, 8, 16, 9]
    slow = Quick()
    list(answers(slow, numbered("a" * 9), together=True, clock=lambda: 0.015 * next(ticks)))
    assert slow.sizes == [1, 1, 1, 1, 1, 1, 1, 1, 1]


def test_one_by_one_where_that_is_wanted() -> None:
    session = Quick()
    list(answers(session, numbered("a" * 5), together=False))
    assert session.sizes == [1] * 5


def test_one_by_one_the_first_failure_is_the_last_answer() -> None:
    """Whoever asked has nothing to ask again."""
    found = list(answers(Quick(fails_at=2), numbered("a" * 5), together=False))
    assert [answer.report.status for answer in found] == [ReportStatus.OK, ReportStatus.OK, ReportStatus.ERROR]
    alone = list(answers(Quick(fails_at=0), numbered("a" * 5), together=True))
    assert [answer.report.status for answer in alone] == [ReportStatus.ERROR]


@pytest.mark.parametrize("session", [Quick(fails_at=4), Quick(forgets=True)], ids=["failure", "too few answers"])
def test_nobody_knows_whose_fault_a_joint_failure_is(session: Quick) -> None:
    with pytest.raises(FailedTogether):
        list(answers(session, numbered("a" * 5), together=True))
