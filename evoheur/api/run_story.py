"""The story of a stored run: all that a report tells of it, read and judged once.

What a run says at its end, it says again here: the same verdict by the same rules, from what is stored.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evoheur.api.archives import find_run, open_archive
from evoheur.api.run_textbook import RunTextbook, score_run_textbook
from evoheur.archive.best_choice import considered
from evoheur.archive.extent import Extent
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import CandidateRecord, FailureGroup, RunRecord
from evoheur.candidate import AUDIT, Evaluation, TextbookGap
from evoheur.charts.family_tree import FamilyTree, family_tree
from evoheur.documents.run_document import without_passwords
from evoheur.errors import EvoheurError
from evoheur.observers.conclusions import verdict
from evoheur.observers.number_text import Scale, breeding
from evoheur.run.events import RunStopped
from evoheur.run.run_spending import spending_of_run

__all__ = ["SPLITS", "HeuristicRow", "RunStory", "read_story", "repeated_config"]

SPLITS = ("train", "validation", "test", AUDIT)
"""In the order in which a report has them."""
_ELSEWHERE = (
    "name",
    "archive",
    "observers",
    "advice",
)  # of a stored configuration: where the run was kept, and what was said in its course


@dataclass(frozen=True, slots=True, kw_only=True)
class HeuristicRow:
    """A heuristic in the table of a report.

    Attributes:
        name: A candidate with what bred it, or a textbook rule.
        kind: "discovered", "problem's own" or "textbook".
        rule_class: What it knows and how much work it does; empty where all are alike, or nothing is known.
        scores: Split → its evaluation.
    """

    name: str
    kind: str
    rule_class: str
    scores: Mapping[str, Evaluation]

    def objective(self, split: str) -> float | None:
        """Its objective on a split, minimised; None where it failed or was not scored."""
        evaluation = self.scores.get(split)
        return None if evaluation is None else evaluation.objective


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStory:
    """All that a report tells of a run.

    Attributes:
        stopped: The run as it stands, with its best and the textbook rules.
        tree: Its family tree.
        lineage: From the best to its eldest ancestor, by first parents; without prompts and instances.
        failures: By stage and reason, with examples.
        textbook_gaps: Split → family → the best textbook rule, as the run stored them.
        scale: What objectives are.
        fault: Why the textbook rules were not scored; empty where they were.
    """

    stopped: RunStopped
    tree: FamilyTree
    lineage: Sequence[CandidateRecord]
    failures: Sequence[FailureGroup]
    textbook_gaps: Mapping[str, Mapping[str, TextbookGap]]
    scale: Scale
    fault: str = ""

    @property
    def run(self) -> RunRecord:
        """The run's record."""
        return self.stopped.run

    @property
    def found(self) -> bool:
        """Whether something that was bred works."""
        chosen = self.stopped.chosen
        return chosen is not None and chosen.candidate.objective is not None

    @property
    def sentences(self) -> list[str]:
        """The verdict, the sentence that matters most first."""
        if not self.found:
            return ["No candidate succeeded, so there is nothing to compare."]
        return verdict(self.stopped, self.scale)

    @property
    def rows(self) -> list[HeuristicRow]:
        """The best candidates, the problem's own heuristic and the textbook rules, best on validation first."""
        validated = any(row.objective("validation") is not None for row in _rows(self.stopped) if row.kind == "discovered")
        order = ("validation", "train") if validated else ("train", "validation")
        return sorted(_rows(self.stopped), key=lambda row: [_last_if_none(row.objective(split)) for split in order])


def read_story(
    name: str | None,
    *,
    archive: str | Path | None = None,
    textbook: bool = True,
    saying: Callable[[str], None] = lambda _what: None,
) -> RunStory:
    """Read the story of a run; nothing is stored, and no candidate runs.

    Args:
        name: Of the run; None for the latest.
        archive: Where it is: a URL, a `Path` to an SQLite file, or None for $EVOHEUR_ARCHIVE, else runs/evoheur.db.
        textbook: Whether the textbook rules are scored anew, which needs the problem as it was; else the story has what is stored.
        saying: Hears what is being done.

    Raises:
        ArchiveError: There is no such run, or its baseline was never evaluated.
    """
    with open_archive(archive) as opened:
        run = find_run(opened, name)
        scored, fault = _scored(run, saying) if textbook else (RunTextbook(rules={}), "they were not asked for")
        saying(f"reading run {run.name}")
        stopped = _stopped(opened, run, scored)
        tree = family_tree(opened, run.name)
        extent = Extent(prompts="none", results=False)
        return RunStory(
            stopped=stopped,
            tree=tree,
            lineage=opened.candidates(run.name, tree.line, extent=extent) if tree.line else [],
            failures=opened.failures(run.name),
            textbook_gaps=opened.textbook_gaps(run.name),
            scale=Scale.of([stopped.baseline.candidate.evaluation]),
            fault=fault,
        )


def _scored(run: RunRecord, saying: Callable[[str], None]) -> tuple[RunTextbook, str]:
    """The textbook rules, or why they could not be scored.

    A report of an old run is worth having all the same.
    """
    try:
        scored = score_run_textbook(run, saying=saying)
    except EvoheurError as error:
        return RunTextbook(rules={}), str(error)
    if scored.fresh:  # the best were scored on fresh instances last, on which the rules were not
        return RunTextbook(rules={"validation": scored.rules["validation"]}, classes=scored.classes), ""
    return scored, ""


def _stopped(archive: ArchiveReader, run: RunRecord, scored: RunTextbook) -> RunStopped:
    baseline = archive.candidate(run.name, 0)
    chosen = archive.chosen(run.name)
    audited = archive.audited(run.name)
    return RunStopped(
        run=run,
        totals=archive.totals(run.id),
        best=archive.best(run.name, considered(run.config)),
        baseline=baseline,
        textbook_rules=scored.rules,
        classes=scored.classes,
        no_audit="" if audited else "nothing was scored on fresh instances",
        simplified=None if chosen is None else archive.simplified(chosen),
        audited=audited,
        spending=spending_of_run(archive, run.id),
    )


def _rows(stopped: RunStopped) -> Iterator[HeuristicRow]:
    differ = stopped.classes.differ
    own = str(stopped.classes.own) if differ else ""
    simplified = [] if stopped.simplified is None else [stopped.simplified]
    for record in [*simplified, *stopped.best]:
        yield HeuristicRow(
            name=f"{record.id} ({breeding(record.candidate)})", kind="discovered", rule_class=own, scores=record.evaluations
        )
    yield HeuristicRow(name=stopped.baseline.id, kind="problem's own", rule_class=own, scores=stopped.baseline.evaluations)
    for name in dict.fromkeys(name for rules in stopped.textbook_rules.values() for name in rules):
        scores = {split: rules[name] for split, rules in stopped.textbook_rules.items() if name in rules}
        rule_class = str(stopped.classes.of(name)) if differ else ""
        yield HeuristicRow(name=name, kind="textbook", rule_class=rule_class, scores=scores)


def _last_if_none(objective: float | None) -> tuple[bool, float]:
    return objective is None, objective if objective is not None else 0.0


def repeated_config(run: RunRecord) -> str:
    """The configuration of a run as YAML, with which another run begins as this one did.

    Passwords are masked, and what says where this run was kept is left out.
    """
    kept: dict[str, Any] = {key: value for key, value in without_passwords(run.config).items() if key not in _ELSEWHERE}
    return yaml.safe_dump(kept, sort_keys=False, allow_unicode=True)
