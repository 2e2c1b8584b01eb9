"""The facts that the prompts of a run tell.

They are a function of the configuration and of the log up to the asking: never of time, or of how far an evaluation is. So a run that is
resumed goes on with the prompts it would have had.
"""

import math
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import Field

from evoheur.candidate import Candidate, Evaluation
from evoheur.code.screening import ALLOWED_IMPORTS
from evoheur.components import Config
from evoheur.evaluation.objective import evaluated_family_gaps
from evoheur.problem import Instance, Problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.facts import FunctionExample, PromptFacts, ReachedScore, RecurringFailure
from evoheur.request import Failure, Outcome, Rescored
from evoheur.run.reply_faults import ReplyFault, fault_of
from evoheur.run.step import Step, StepListener

__all__ = ["PromptFactsConfig", "PromptNews", "lasting_facts"]

OWN = "the problem's own heuristic"
_MANY_ARRAYS = 6  # from so many on, small models lose track of which one is what, and an example helps


class PromptFactsConfig(Config):
    """The facts that prompts tell beside the problem and the parents."""

    limits: bool = True
    """The time that a heuristic has, how much of it that leaves for a call, and the changes of an instance that must not matter."""
    example: bool = True
    """A simple textbook rule in the form of a heuristic, where the interface has matrices or many arrays."""
    scores: bool = True
    """What the problem's own heuristic, the best textbook rule and the best heuristic so far reach, also by family."""
    failures: int = Field(default=20, ge=0)
    """Of how many of the last replies prompts tell what several of them failed of, and how to avoid it; 0 for none."""


def lasting_facts(
    config: PromptFactsConfig,
    problem: Problem[Any],
    card: ProblemCard,
    *,
    instances: tuple[Instance, ...],
    textbook: Mapping[str, Evaluation],
    cpu_seconds: float,
    imports: tuple[str, ...],
) -> PromptFacts:
    """The facts that hold from the start of a run to its end.

    Args:
        config: What prompts tell.
        problem: Its symmetries, calls and expressed textbook rules.
        card: Of the problem.
        instances: Training instances.
        textbook: Textbook rule → evaluation on them, best first.
        cpu_seconds: Processor time that a heuristic has for an instance.
        imports: What a heuristic may import.
    """
    calls = [problem.heuristic_calls(instance) for instance in instances]
    limits = PromptFacts(
        seconds=cpu_seconds,
        calls=max((many for many in calls if many is not None), default=None),
        symmetries=tuple(symmetry.name for symmetry in problem.symmetries),
    )
    return replace(
        limits if config.limits else PromptFacts(),
        imports=tuple(name for name in imports if name not in ALLOWED_IMPORTS),
        example=_example(problem, card) if config.example else None,
        scores=tuple(_best_alike(problem, textbook)) if config.scores else (),
    )


def _example(problem: Problem[Any], card: ProblemCard) -> FunctionExample | None:
    """The shortest textbook rule that can be told as a body of the first function."""
    function = card.functions[0]
    if len(card.functions) > 1 or (not function.matrices and len(function.arrays) < _MANY_ARRAYS):
        return None
    told = {rule: bodies[function.name] for rule, bodies in problem.expressed_textbook().items() if function.name in bodies}
    if not told:
        return None
    _, rule, body = min((len(body), rule, body) for rule, body in told.items())
    return FunctionExample(rule=rule, function=function.name, body=body if "return" in body else f"return {body}")


def _best_alike(problem: Problem[Any], textbook: Mapping[str, Evaluation]) -> Iterator[ReachedScore]:
    """The best textbook rule of the heuristics' own class, else of all."""
    alike = problem.rule_classes().alike(textbook) or tuple(textbook)
    best = next((rule for rule in textbook if rule in alike and textbook[rule].objective is not None), None)
    if best is not None:
        yield _score(f"the best textbook rule, {best}", textbook[best])


def _score(name: str, evaluation: Evaluation) -> ReachedScore:
    assert evaluation.objective is not None, "only what worked has a score"
    gaps = evaluated_family_gaps(evaluation)
    return ReachedScore(
        name=name,
        worth=evaluation.objective,
        families=tuple((family, gap) for family, gap in gaps.items() if gap is not None),
    )


def _joined(scores: Iterable[ReachedScore]) -> Iterator[ReachedScore]:
    """Scores, of which equal ones are said once."""
    names: dict[tuple[float, tuple[tuple[str, float], ...]], list[str]] = {}
    for score in scores:
        names.setdefault((score.worth, score.families), []).append(score.name)
    for (worth, families), alike in names.items():
        yield ReachedScore(name=" and ".join(alike), worth=worth, families=families)


def _unit(evaluation: Evaluation, *, bounds: bool) -> str:
    if evaluation.objective_kind == "mean_cost":
        return "mean cost of all instances"
    reference = "the lower bounds" if bounds else "the best known costs"
    if evaluation.objective_kind == "textbook_ratio":
        return (
            "gaps as multiples of the best textbook rule's (half the mean of the families and half the worst of them), and by family in "
            f"percent above {reference}"
        )
    how = "all instances together" if evaluation.aggregate == "ratio_of_sums" else "the mean over all instances"
    return f"percent above {reference}, {how}"


def _no_advice(_next_request: int) -> tuple[str, ...]:
    return ()


@dataclass(kw_only=True)
class PromptNews(StepListener):
    """Keeps what prompts tell, from step to step.

    Attributes:
        config: What prompts tell.
        lasting: Facts that hold for the whole run.
        bounds: Whether references are lower bounds.
        advice: Number of the next request → the user's hints that its prompt shows.
    """

    hears_log = True

    config: PromptFactsConfig = field(default_factory=PromptFactsConfig)
    lasting: PromptFacts = field(default_factory=PromptFacts)
    bounds: bool = False
    advice: Callable[[int], tuple[str, ...]] = _no_advice

    def __post_init__(self) -> None:
        self._own: Evaluation | None = None
        self._textbook = self.lasting.scores
        self._best: Evaluation | None = None
        self._reached: dict[str, Any] | None = None  # what prompts tell of all these, until one of them changes
        self._epoch = 0
        self._next = 1
        self._faults: deque[ReplyFault | None] = deque(maxlen=self.config.failures)

    def begin_with(self, baseline: Candidate) -> None:
        """Take note of the problem's own heuristic."""
        self._own = baseline.evaluation
        self._reached = None

    def asked(self, step: Step) -> None:
        """Take note of a new epoch, in which earlier scores do not compare."""
        self._next = step.asked.number + 1
        if step.request.epoch > self._epoch:
            self._epoch = step.request.epoch
            self._own = self._best = self._reached = None
            self._textbook = ()

    def told(self, step: Step) -> None:
        """Take note of the best so far, and of what replies fail of."""
        outcome: Outcome = step.outcome
        if step.request.epoch == self._epoch:
            if isinstance(outcome, Candidate) and step.request.kind.is_search:
                self._compare(outcome.evaluation)
            elif isinstance(outcome, Rescored):
                if outcome.candidate.id == 0:
                    self.begin_with(outcome.candidate)
                else:
                    self._compare(outcome.candidate.evaluation)
        is_reply = isinstance(outcome, Candidate) or (isinstance(outcome, Failure) and outcome.stage == "parsing")
        if step.request.kind.asks_model and is_reply:
            self._faults.append(fault_of(outcome))

    def _compare(self, evaluation: Evaluation) -> None:
        if evaluation.objective is not None and evaluation.objective < _worth(self._best):
            self._best = evaluation
            self._reached = None

    @property
    def facts(self) -> PromptFacts:
        """What the prompt of the next request tells."""
        if self._reached is None:
            self._reached = self._scores() if self.config.scores else {"scores": ()}
        return replace(
            self.lasting,
            **self._reached,
            replies=len(self._faults),
            failures=tuple(self._recurring()),
            advice=self.advice(self._next),
        )

    def _scores(self) -> dict[str, Any]:
        if self._own is None or self._own.objective is None:
            return {"scores": ()}
        better = self._best if _worth(self._best) < self._own.objective else None
        return {
            "unit": _unit(self._own, bounds=self.bounds),
            "scores": tuple(_joined([_score(OWN, self._own), *self._textbook])),
            "best": None if better is None else _score("the best heuristic so far", better),
        }

    def _recurring(self) -> Iterator[RecurringFailure]:
        """The faults that at least two of the last replies share, the most frequent first."""
        latest = {fault.kind: fault for fault in self._faults if fault is not None}
        counted = Counter(fault.kind for fault in self._faults if fault is not None)
        for kind, count in counted.most_common():
            if count > 1:
                yield RecurringFailure(count=count, remedy=latest[kind].remedy, example=latest[kind].example)


def _worth(evaluation: Evaluation | None) -> float:
    return math.inf if evaluation is None or evaluation.objective is None else evaluation.objective
