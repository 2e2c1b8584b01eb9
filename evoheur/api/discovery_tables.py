"""Tables of what several seeds discover, by split and family, beside the textbook rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from evoheur.api.scoring import score
from evoheur.api.sweep_plan import PlannedRun, SweepPlan
from evoheur.archive.archive import Archive
from evoheur.candidate import Evaluation
from evoheur.evaluation.objective import evaluated_family_gaps
from evoheur.problem import SPLITS, Problem, Split
from evoheur.problem_loading import load_problem
from evoheur.run.instance_source import InstanceSource
from evoheur.run.textbook_evaluations import TextbookEvaluations
from evoheur.textbook_rule import RuleClasses

__all__ = ["DiscoveryRow", "DiscoveryTable", "discovery_tables"]

_DECIMALS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryRow:
    """One heuristic, or the median of all discovered ones, on the families of a split.

    Attributes:
        name: Of the heuristic.
        kind: "textbook", "discovered" or "median".
        rule_class: What it knows and how much work it does.
        gaps: Family → gap in percent, lower is better; None where it failed or an instance has no reference.
    """

    name: str
    kind: str
    rule_class: str
    gaps: Mapping[str, float | None]

    @property
    def mean(self) -> float | None:
        """The mean of the families' gaps; None where one is missing."""
        known = [gap for gap in self.gaps.values() if gap is not None]
        return sum(known) / len(known) if known and len(known) == len(self.gaps) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryTable:
    """All heuristics on one split.

    Attributes:
        split: Of the problem's own instances.
        families: In the order of the instances.
        rows: The textbook rules, those that heuristics are compared with first; what each seed discovered; the median of these.
    """

    split: Split
    families: Sequence[str]
    rows: Sequence[DiscoveryRow]

    @property
    def rules(self) -> Sequence[DiscoveryRow]:
        """The textbook rules of the class of what was discovered, or all if none is of it."""
        textbook = [row for row in self.rows if row.kind == "textbook"]
        own = next(row.rule_class for row in self.rows if row.kind != "textbook")
        return [row for row in textbook if row.rule_class == own] or textbook

    def beaten(self, row: DiscoveryRow, rules: Sequence[DiscoveryRow]) -> list[str]:
        """The families on which a row is better than all of these rules, by as much as is shown."""
        return [family for family in self.families if _below(row.gaps[family], [rule.gaps[family] for rule in rules])]

    def markdown(self) -> str:
        """The table; a gap is bold where it is below those of all textbook rules of the class."""
        head = ["heuristic", "kind", "class", *self.families, "mean of families"]
        lines = [head, ["---"] * len(head)]
        for row in self.rows:
            best = self.beaten(row, self.rules) if row.kind != "textbook" else []
            cells = [f"**{_text(gap)}**" if family in best else _text(gap) for family, gap in row.gaps.items()]
            lines.append([row.name, row.kind, row.rule_class, *cells, _text(row.mean)])
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def conclusions(self) -> str:
        """For every textbook rule of the class, on how many families each discovered heuristic and their median beat it."""
        found = [row for row in self.rows if row.kind != "textbook"]
        lines = []
        for rule in self.rules:
            counts = ", ".join(f"{row.name} {len(self.beaten(row, [rule]))}" for row in found)
            lines.append(f"* Families of {len(self.families)} on which {rule.name} is beaten: {counts}.")
        return "\n".join(lines)


def discovery_tables(url: str, plan: SweepPlan, saying: Callable[[str], None]) -> list[DiscoveryTable]:
    """Score the best of every run on every split, and set it beside the textbook rules.

    The scores on validation and test are stored with the candidates.

    Args:
        url: Address of the archive that holds the runs, finished.
        plan: Says which they are; of one strategy.
        saying: Hears what is scored, since that takes its time.

    Raises:
        ConfigError: The problem is not there any more, or objectives cannot be relative to textbook rules on a split.
    """
    with Archive.open(url) as archive:
        return list(_tables(archive, plan, saying))


def _tables(archive: Archive, plan: SweepPlan, saying: Callable[[str], None]) -> Iterator[DiscoveryTable]:
    config = plan.runs[0].config
    problem = load_problem(config.problem.name, config.problem.settings)
    problem.warm_up()
    source = InstanceSource.of(problem, config.problem, memory_mib=config.evaluation.limits.memory_mib)
    rules = TextbookEvaluations(source, config.train, seed=config.seed)
    for split in SPLITS:
        saying(f"the textbook rules on {split}")
        textbook = rules.on(split)
        found = {
            f"seed {planned.config.seed}": _scored(archive, planned, problem, rules, split=split, saying=saying)
            for planned in plan.runs
        }
        families = dict.fromkeys(instance.family for instance in rules.instances(split).instances)
        yield _table(split, list(families), problem.rule_classes(), textbook, found)


def _scored(
    archive: Archive,
    planned: PlannedRun,
    problem: Problem[Any],
    rules: TextbookEvaluations,
    *,
    split: Split,
    saying: Callable[[str], None],
) -> Evaluation | None:
    record = archive.chosen(planned.name)
    if record is None:
        return None
    saying(f"{record.id} on {split}")
    config = planned.config
    code = record.candidate.code
    evaluation = score(problem, config.problem, config.evaluation, code, rules.instances(split), seed=config.seed)
    if split != "train":  # that is part of the log, and perhaps on fresh instances
        archive.record_evaluation(archive.run(planned.name).id, record.candidate.id, evaluation)
    return evaluation


def _table(
    split: Split,
    families: Sequence[str],
    classes: RuleClasses,
    textbook: Mapping[str, Evaluation],
    found: Mapping[str, Evaluation | None],
) -> DiscoveryTable:
    alike = classes.alike(textbook)
    ordered = sorted(textbook, key=lambda name: name not in alike)
    rows = [_row(name, "textbook", str(classes.of(name)), families, textbook[name]) for name in ordered]
    own = str(classes.own)
    discovered = [_row(name, "discovered", own, families, evaluation) for name, evaluation in found.items()]
    middle = {family: _median([row.gaps[family] for row in discovered]) for family in families}
    rows += [*discovered, DiscoveryRow(name="median of seeds", kind="median", rule_class=own, gaps=middle)]
    return DiscoveryTable(split=split, families=families, rows=rows)


def _row(name: str, kind: str, rule_class: str, families: Sequence[str], evaluation: Evaluation | None) -> DiscoveryRow:
    gaps = {} if evaluation is None else evaluated_family_gaps(evaluation)
    return DiscoveryRow(name=name, kind=kind, rule_class=rule_class, gaps={family: gaps.get(family) for family in families})


def _median(gaps: Sequence[float | None]) -> float | None:
    # A heuristic that fails is worse than any that does not.
    known = median(float("inf") if gap is None else gap for gap in gaps)
    return None if known == float("inf") else known


def _below(gap: float | None, others: Sequence[float | None]) -> bool:
    if gap is None:
        return False
    return all(other is None or (gap < other and _text(gap) != _text(other)) for other in others)


def _text(gap: float | None) -> str:
    return "-" if gap is None else f"{gap:.{_DECIMALS}f}"
