"""The result of a run, with the gaps of its heuristics."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from evoheur import html_fragments
from evoheur.archive.records import CandidateRecord, RunStatus, Totals
from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.objective import gap_percent
from evoheur.problem import Aggregate
from evoheur.run.config import RunConfig
from evoheur.run.events import RunStopped

__all__ = ["Result", "SplitGaps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitGaps:
    """The gaps of heuristics on one split, in percent.

    Lower is better. A gap is None where the heuristic failed or was not scored, or where the problem has no references.

    Attributes:
        best: The best heuristic that the run found.
        start: The problem's own heuristic, which the search began with.
        textbook: Textbook rule → its gap, best first.
    """

    best: float | None
    start: float | None
    textbook: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Result:
    """The result of a run.

    What it found, what that is worth, what it cost, and why it ended.

    Attributes:
        stopped: Everything that observers hear at the end of a run: every evaluation of the best and of the textbook rules.
        config: What the run was configured with.
        archive: Address of the archive that holds the run, without a password.
        aggregate: How the problem makes one number of its instances' costs.
        was_finished: `resume` found nothing left to do.
        unwritten: An observer, such as a log, could not write all that it heard.
    """

    stopped: RunStopped
    config: RunConfig
    archive: str
    aggregate: Aggregate = field(default="mean_of_gaps")
    was_finished: bool = False
    unwritten: bool = False

    @property
    def run(self) -> str:
        """The run's name, which `resume` and the commands take."""
        return self.stopped.run.name

    @property
    def status(self) -> RunStatus:
        """The run's status: "finished", "interrupted" or "failed"; the last two can be resumed."""
        return self.stopped.run.status

    @property
    def reason(self) -> str:
        """The reason why the run ended, such as "budget of 2500 evaluations used"."""
        return self.stopped.run.reason

    @property
    def spent(self) -> Totals:
        """The amounts spent in all sessions of the run.

        Requests, evaluations, tokens, US dollars, seconds and failures.
        """
        return self.stopped.totals

    @property
    def best(self) -> CandidateRecord | None:
        """The best candidate: on validation, among the best on train.

        With its idea, parents, prompt and evaluations. The best on train where none was validated (interrupted runs, `validation.top: 0`).
        If it was simplified, what remains of it, whose parent is the whole one (`stopped.chosen`). None if nothing that was bred works.
        """
        return self.stopped.delivered

    @property
    def code(self) -> str | None:
        """Source of the best heuristic."""
        return None if self.best is None else self.best.candidate.code

    @property
    def objective(self) -> float | None:
        """The objective of the best heuristic on train, minimised.

        The gap in percent, or the mean cost where there are no references; with `train.relative_to: textbook`, the gap as a multiple of
        the best textbook rule's.
        """
        return None if self.best is None else self.best.candidate.objective

    @property
    def gaps(self) -> Mapping[str, SplitGaps]:
        """The gaps on "train" and "validation".

        Those of the best, the starting and the textbook heuristics.
        """
        return {split: self._gaps_on(split) for split in self.stopped.textbook_rules}

    def _gaps_on(self, split: str) -> SplitGaps:
        return SplitGaps(
            best=None if self.best is None else self._gap(self.best.evaluations.get(split)),
            start=self._gap(self.stopped.baseline.evaluations.get(split)),
            textbook={name: self._gap(evaluation) for name, evaluation in self.stopped.textbook_rules[split].items()},
        )

    def _gap(self, evaluation: Evaluation | None) -> float | None:
        if evaluation is None or evaluation.status is not Status.OK:
            return None
        return gap_percent(evaluation.results, self.aggregate)

    def _repr_html_(self) -> str:
        """The result in a notebook.

        Why it ended, gaps beside the textbook rules, what was spent, the code; all words are escaped.
        """
        spent = self.spent
        price = "" if spent.cost_usd is None else f", ${spent.cost_usd:,.4f}"
        totals = f"{spent.requests:,} requests, {spent.evaluations:,} evaluations, {spent.tokens:,} tokens{price}, {spent.seconds:,.0f} s"
        parts = [html_fragments.paragraph(f"Run {self.run} {self.status}: {self.reason}", strong=True)]
        parts.append(html_fragments.paragraph(f"Spent {totals}."))
        rows = list(self._rows())
        if rows:
            headings = ("split", "best", "start", "best textbook rule", "its gap")
            parts.append(html_fragments.table(headings, rows, right=(1, 2, 4)))
        if self.best is None:
            return "".join([*parts, html_fragments.paragraph("Nothing that was bred works.")])
        parts.append(html_fragments.paragraph(f"Best: {self.best.id} ({self.best.candidate.bred_by})", strong=True))
        parts.append(html_fragments.paragraph(self.best.candidate.thought, emphasis=True))
        return "".join([*parts, html_fragments.code_block(self.best.candidate.code)])

    def _rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        """The rows of the table of gaps.

        Split, gap of the best and of the start, the best textbook rule of the class and its gap; none where there are no gaps.
        """
        for split, gaps in self.gaps.items():
            alike = self.stopped.classes.alike(gaps.textbook)
            scored = [(gap, rule) for rule in alike if (gap := gaps.textbook[rule]) is not None]
            gap, rule = min(scored) if scored else (None, "-")
            if (gaps.best, gaps.start, gap) != (None, None, None):
                yield split, _percent(gaps.best), _percent(gaps.start), rule, _percent(gap)

    def __repr__(self) -> str:
        found = "nothing that works" if self.best is None else f"{self.best.id} with objective {self.objective:.6g}"
        return f"Result(run {self.run!r} {self.status}: {self.reason}; best {found})"


def _percent(gap: float | None) -> str:
    return "-" if gap is None else f"{gap:.2f} %"
