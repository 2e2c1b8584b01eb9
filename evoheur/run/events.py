"""The events of a run, and the interface of observers.

Events are frozen and come after the fact. Nothing an observer does can steer or stop a run.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from evoheur.archive.best_choice import best_validated, surpassing
from evoheur.archive.records import Asked, CandidateRecord, RunRecord, Told, Totals
from evoheur.candidate import Candidate, Evaluation
from evoheur.evaluation.audit_verdict import AuditVerdict
from evoheur.generation.outage import OutageNews
from evoheur.run.budget import Budget
from evoheur.run.funnel import FunnelCourse
from evoheur.run.rivals import RaceCourse
from evoheur.run.run_spending import RunSpending
from evoheur.run.spending_forecast import SpendingForecast
from evoheur.run.waiting_times import WaitingShares
from evoheur.textbook_rule import RuleClasses

__all__ = [
    "BestAudited",
    "CallsHalved",
    "Event",
    "Events",
    "InternalError",
    "NewBest",
    "Observer",
    "OutageNews",
    "OutcomeTold",
    "Preparing",
    "ReplyReceived",
    "RequestSent",
    "RunStarted",
    "RunStopped",
    "SpendingEstimated",
    "Throttled",
]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """A step begins that may take a while.

    It is no evaluation of a candidate. The next event ends it.

    Attributes:
        step: For people, such as "compiling the kernels of tsp_gls".
    """

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A run starts or is taken up again.

    Attributes:
        run: The run's record.
        level: Isolation of the candidates.
        slots: Candidates evaluated at the same time; 0 where it is not known.
        baseline: The problem's own heuristic, evaluated.
        textbook_rules: Textbook rule → its evaluation on train, best first.
        classes: What it and the textbook rules know, and how much work they do.
        budget: The limits at which the run ends.
        totals: What was done before; all zero for a new run.
        unasked_notes: Operators for notes that the strategy does without, since the generator has nothing to say.
        has_barrier: Whether calls stand idle because the strategy waits for outcomes by its nature.
        generation: That the strategy is in, the initial population being 0; None where it has none, or has asked for nothing yet.
    """

    run: RunRecord
    level: str
    slots: int
    baseline: Candidate
    textbook_rules: Mapping[str, Evaluation]
    budget: Budget
    totals: Totals
    classes: RuleClasses = field(default_factory=RuleClasses)
    unasked_notes: tuple[str, ...] = ()
    has_barrier: bool = False
    generation: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSent:
    """The strategy asked, and the request is in the database.

    Attributes:
        asked: The request.
        totals: So far.
        generation: That it belongs to, the initial population being 0; None where the strategy has no generations.
    """

    asked: Asked
    totals: Totals
    generation: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyReceived:
    """The generator's reply is in the database."""

    asked: Asked
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeTold:
    """The outcome is in the database and the strategy knows it."""

    told: Told
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBest:
    """A candidate beats all earlier ones on train."""

    candidate: Candidate
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class BestAudited:
    """The best so far on train was scored on fresh instances, while the run goes on.

    Attributes:
        candidate: With its evaluations on train and of the audit.
        verdict: Says what of its lead on train holds there.
        totals: So far.
    """

    candidate: CandidateRecord
    verdict: AuditVerdict
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingEstimated:
    """What the whole budget will be spent on was estimated again, from what was measured so far.

    Attributes:
        forecast: What will have been spent at the end.
        totals: So far.
    """

    forecast: SpendingForecast
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """The generator waits before it tries a call again."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsHalved:
    """An endpoint gets half as many calls at once from now on, and one more for each that succeeds.

    Attributes:
        endpoint: The model and where it is.
        limit: Calls at once.
        why: What became of one of those that were too many, such as "got no answer in time".
    """

    endpoint: str
    limit: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalError:
    """Evoheur's own code raised an exception.

    That is the outcome of the request now, and the run goes on.

    Attributes:
        asked: The request.
        error: The exception in one line, with the place that raised it.
        traceback: The whole of it.
        again: Whether the same error was told before.
        totals: So far.
    """

    asked: Asked
    error: str
    traceback: str
    again: bool
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStopped:
    """A session of a run is over; also what `Discovery.discover` returns.

    Attributes:
        run: The run's record with its final status and reason.
        totals: What it did and spent.
        best: The top candidates on train, best first, scored on validation too if the run finished.
        baseline: The problem's own heuristic with its evaluations.
        textbook_rules: Split → textbook rule → its evaluation, best first.
        classes: What the discovered and the textbook rules know, and how much work they do.
        no_audit: Why nothing was scored on fresh instances at the end; empty where it was, or where the run did not finish.
        simplified: What remains of the chosen one; None if it was not simplified.
        funnel: How candidates went through the stages of the funnel, all training instances last; empty without one.
        race: What statistical racing saved; None without it.
        audited: All that was scored on fresh instances, at the end and before, oldest first, without what was simplified.
        estimate: The first estimate of what the whole budget would be spent on; None where there was none in this session.
        waited: Who waited for whom in this session; None where no model is waited for.
        spending: What every operator and model spent and brought; None where no tokens were spent.
    """

    run: RunRecord
    totals: Totals
    best: Sequence[CandidateRecord]
    baseline: CandidateRecord
    textbook_rules: Mapping[str, Mapping[str, Evaluation]]
    classes: RuleClasses = field(default_factory=RuleClasses)
    no_audit: str = ""
    simplified: CandidateRecord | None = None
    audited: Sequence[CandidateRecord] = ()
    funnel: Sequence[FunnelCourse] = ()
    race: RaceCourse | None = None
    estimate: SpendingForecast | None = None
    waited: WaitingShares | None = None
    spending: RunSpending | None = None

    @property
    def delivered(self) -> CandidateRecord | None:
        """The heuristic that a user takes away: what remains of the chosen one, or that one whole."""
        return self.simplified or self.chosen

    @property
    def chosen(self) -> CandidateRecord | None:
        """The best on validation among the best on train, or the start, which `RUN/best` names; see `best_validated`."""
        return best_validated(self.best, self.baseline, confidence=surpassing(self.run.config))


Event: TypeAlias = (
    Preparing
    | RunStarted
    | RequestSent
    | ReplyReceived
    | OutcomeTold
    | NewBest
    | BestAudited
    | SpendingEstimated
    | Throttled
    | OutageNews
    | CallsHalved
    | InternalError
    | RunStopped
)


class Observer(Protocol):
    """The interface of observers, which hear of events."""

    def notify(self, event: Event) -> None:
        """Hear of an event.

        An exception is logged and ends the observer's part, not the run.
        """


class Events:
    """The list of observers, which events are passed to.

    It keeps observers from doing harm.

    Attributes:
        unwritten: An observer could not write what it heard.

    Args:
        observers: In the order they hear of each event.
    """

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        self.unwritten = False
        self._observers = list(observers)

    def add(self, observer: Observer) -> None:
        """Add an observer, from the next event on."""
        self._observers.append(observer)

    def emit(self, event: Event) -> None:
        """Tell every observer of an event.

        One that raises is logged and never asked again.
        """
        for observer in list(self._observers):
            try:
                observer.notify(event)
            except BrokenPipeError:  # nobody reads any more, as in `evoheur run … | head`
                self._observers.remove(observer)
            except OSError as error:  # such as a full disk: no fault of the observer's, so no traceback
                self.unwritten = True
                words = "Observer %s cannot write (%s) and is switched off; the run goes on."
                _log.error(words, type(observer).__name__, error.strerror or error)
                self._observers.remove(observer)
            except Exception:  # noqa: BLE001 - one of the three boundaries: what an observer raises is no reason to stop a paid run
                _log.exception("Observer %s failed at %s and is switched off; the run goes on.", observer, type(event).__name__)
                self._observers.remove(observer)
