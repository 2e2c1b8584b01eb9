"""Does a rule know what is to come? The probe for causality in online problems.

An online rule runs in one process with the whole instance, so code that goes looking (through stack frames, the garbage collector,
closures) finds the future there. No wall stops that; its decisions give it away. The candidate solves *twins* of the instances it was
scored on: equal up to a cut, different after it. A rule that knows only what has arrived decides the same up to the cut.

**What is found.** A rule that uses much of the future (its sum, its length, its order) shows at almost every cut. One that peeks at the
next arrival only shows at a cut in the one decision before it, and there only if the other arrival changes its mind: with probability q
a cut finds it, and c cuts together with 1 - (1 - q)^c. Twins are therefore many and cheap rather than few and long; at least `TWINS`
are spread over all instances, so that a rule with q = 0.05 is found in 95 of 100 cases. What gets away peeks rarely, gains little, and
is probed again, at other cuts, on validation and on every other set it is shown on.

**What a candidate can do about it.** It may know this text, the instances and the run's seed. Cuts and futures follow from the seed *and
from all its decisions on all instances*, so they are known only when the last decision is made, and yet are the same whenever the same
candidate is evaluated. To steer them it would have to try decisions at random until no cut tells: with q as above, 1 / (1 - q)^c tries,
each of which must not cost it what it gained. Twins are solved in another process than the one that made the decisions, so a candidate
that recognises a twin still does not know what it has to repeat. What it carries in its own source, such as training instances, is
not found here but on validation.

**Who is not accused.** A rule that fails on a future (because it meets a state that it never met) gets the same beginning without any
future, where it made every decision before. A rule whose decisions differ is asked again, alone in a process: if it does not repeat
itself on the very same instance, or does as soon as nothing was solved before, it is not repeatable rather than cheating.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evoheur.candidate import Status
from evoheur.evaluation.packing import pack
from evoheur.evaluation.reports import STATUS_OF, Unanswered, solution_in
from evoheur.problem import Infeasible, Instance, Json, Problem, Twin
from sandbox.sandbox import Report, ReportStatus, Session

__all__ = ["TWINS", "CausalityProbe", "Finding"]

TWINS = 60
"""At least so many twins for a candidate; more if it was scored on more instances, since each gets one."""

_PATIENCE = 2  # futures that a candidate may fail on, before it gets none any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Why a candidate that was scored is not accepted.

    Attributes:
        status: CHEATING, ERROR where it does not repeat itself, or how else it ended.
        detail: The reason, for a person.
    """

    status: Status
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """A twin beside what was decided on its original."""

    original: Instance
    made: Sequence[Json]
    twin: Twin[Any]

    @property
    def repeated(self) -> Sequence[Json]:
        """The decisions that must come again."""
        return self.made[: self.twin.decisions]


class CausalityProbe:
    """Probes one candidate.

    Args:
        problem: Makes twins and reads decisions, on the trusted side.
        open_child: Opens the candidate in a fresh process that will be asked at most so many questions; closed sessions only come with
            reports that are not OK.
        seed: The run's seed.
    """

    def __init__(self, problem: Problem[Any], open_child: Callable[[int], tuple[Session, Report]], *, seed: int) -> None:
        self._problem = problem
        self._open_child = open_child
        self._seed = seed

    def finding(self, scored: Sequence[tuple[Instance, Json]]) -> Finding | None:
        """What speaks against a candidate; None if nothing does.

        Args:
            scored: Instances with the solutions that the candidate was scored for.

        Raises:
            SandboxUnavailable: The guest cannot be started.
        """
        trials = list(self._trials(scored))
        children = _Children(self._problem, self._open_child, questions=len(trials))
        try:
            return next(filter(None, (self._try(trial, children) for trial in trials)), None)
        finally:
            children.close()

    def _trials(self, scored: Sequence[tuple[Instance, Json]]) -> Iterator[_Trial]:
        made = [self._problem.decisions(instance, solution) for instance, solution in scored]
        digest = hashlib.sha256(json.dumps([self._seed, made]).encode()).digest()
        rng = np.random.default_rng(int.from_bytes(digest))
        for (instance, _), decisions in zip(scored, made, strict=True):
            for twin in self._problem.twins(instance, math.ceil(TWINS / len(scored)), rng):
                yield _Trial(original=instance, made=decisions, twin=twin)

    def _try(self, trial: _Trial, children: "_Children") -> Finding | None:
        shown = trial.twin.instance if children.failures < _PATIENCE else trial.twin.stump
        report = children.ask(shown)
        if report.status is ReportStatus.ERROR and shown is not trial.twin.stump:
            shown = trial.twin.stump
            report = children.ask(shown)
        if report.status is ReportStatus.ERROR:
            return self._explain(trial, shown, f"it fails ({report.detail.strip().splitlines()[-1]:.200})", children)
        if report.status is not ReportStatus.OK:
            detail = f"{trial.original.name}: while it was probed for causality: {report.detail}"
            return Finding(status=STATUS_OF[report.status], detail=detail)
        place = _difference(self._decisions(shown, report), trial.repeated)
        return None if place is None else self._explain(trial, shown, f"decision {place} is another one", children)

    def _explain(self, trial: _Trial, shown: Instance, what: str, children: "_Children") -> Finding:
        name = trial.original.name
        again = self._alone(trial.original, children)
        if again is None or _difference(again, trial.made) is not None:
            other = "failed" if again is None else f"gave another decision {_difference(again, trial.made)}"
            detail = f"not repeatable: solving {name} again in a fresh process {other}; "
            return Finding(
                status=Status.ERROR, detail=f"{detail}the rule depends on chance, on a clock or on what it solved before"
            )
        alone = self._alone(shown, children)
        if alone is not None and _difference(alone, trial.repeated) is None:
            detail = f"not repeatable: how {name} is solved depends on what was solved before in the same process"
            return Finding(status=Status.ERROR, detail=detail)
        detail = (
            f"{name}: decisions depend on what had not arrived yet: where only what follows decision {trial.twin.decisions - 1} "
        )
        return Finding(status=Status.CHEATING, detail=f"{detail}is different, {what}")

    def _alone(self, instance: Instance, children: "_Children") -> Sequence[Json] | None:
        children.close()
        report = children.ask(instance)
        return self._decisions(instance, report) if report.status is ReportStatus.OK else None

    def _decisions(self, instance: Instance, report: Report) -> Sequence[Json]:
        try:
            return self._problem.decisions(instance, solution_in(report))
        except (Infeasible, Unanswered):  # no decision, so another one than was made
            return ()


class _Children:
    """Fresh processes of one candidate, a new one after every failure."""

    def __init__(self, problem: Problem[Any], open_child: Callable[[int], tuple[Session, Report]], *, questions: int) -> None:
        self._problem = problem
        self._open_child = open_child
        self._questions = questions
        self._session: Session | None = None
        self.failures = 0

    def ask(self, instance: Instance) -> Report:
        """Have an instance solved."""
        if self._session is None:
            session, report = self._open_child(self._questions)
            if report.status is not ReportStatus.OK:
                self.failures += 1
                return report
            self._session = session
        report = self._session.ask({"instance": pack(self._problem.encode(instance))})
        if report.status is not ReportStatus.OK:
            self.failures += 1
            self.close()
        return report

    def close(self) -> None:
        """End the process; the next question gets another one."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _difference(decisions: Sequence[Json], expected: Sequence[Json]) -> int | None:
    """Place of the first expected decision that was not made; None if all were."""
    if decisions[: len(expected)] == expected:
        return None
    pairs = enumerate(zip(decisions, expected, strict=False))
    return next((place for place, (one, other) in pairs if one != other), len(decisions))
