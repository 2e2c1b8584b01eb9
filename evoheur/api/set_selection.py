"""Choice of a complementary set of heuristics, and of a selector that says which of them solves an instance.

Set and selector are chosen by the costs of training instances. What they are worth is reported on every split, each with its work.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from evoheur.api.selection_pool import PooledHeuristic, SelectionPool, read_pool
from evoheur.api.selection_scores import SelectionScores, worths_of
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.code.several_heuristics import taking_over
from evoheur.code.signature import signatures_of
from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.evaluation.textbook_scores import score_textbook_rules
from evoheur.online import OnlineProblem
from evoheur.problem import Split
from evoheur.selectors.decision_tree import WorthTable, choices_of, lines_of
from evoheur.selectors.learned_selector import LEADING_ERRORS, LearnedSelector, learn, mean_and_error
from evoheur.selectors.probing import kept_by_probe, probing_work, work_of_all
from evoheur.strategies.complementary import InstanceWeights, complementary_set

__all__ = ["SelectedWay", "SelectionRow", "SelectionSettings", "SetSelection", "WayName", "select_set"]

WayName: TypeAlias = Literal["single", "tree", "probing", "all", "index", "oracle", "textbook"]
"""single: the best heuristic on the whole. tree: the one that a decision tree names. probing: the best on a small part. all: the best of
all solutions. index: the same where it cannot be had, as online. oracle: the best of all heuristics. textbook: a rule."""

Floats: TypeAlias = NDArray[np.float64]

_FAILED = 1e9  # a worth that no tree chooses


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionSettings:
    """How sets and selectors are made.

    Attributes:
        sizes: Of the sets, ascending, each at least 1.
        weights: What counts alike among instances.
        depth: Of decision trees, 1 or 2.
        prefix: How many arrivals of an online instance a selector sees.
        share: How much of another instance heuristics are tried on, above 0 and below 1.
        test: Whether the test split is scored, too.
        further: How many heuristics beyond the largest set are scored for the oracle.
        way: The way that is to be used in place of the better one; None for that.
    """

    sizes: Sequence[int] = (1, 2, 4, 8)
    weights: str = "instances"
    depth: int = 2
    prefix: int = 200
    share: float = 0.25
    test: bool = False
    further: int = 0
    way: str | None = None

    def __post_init__(self) -> None:
        """Check them.

        Raises:
            ConfigError: One cannot be used.
        """
        if not self.sizes or min(self.sizes) < 1:
            raise ConfigError(f"The sizes of sets are {', '.join(map(str, self.sizes)) or 'none'}; give numbers of at least 1.")
        if self.weights not in get_args(InstanceWeights):
            known = get_args(InstanceWeights)
            raise ConfigError(f"weights is {self.weights!r}{nearest(self.weights, known)}; it is one of {', '.join(known)}.")
        if self.depth not in {1, 2}:
            raise ConfigError(f"The depth of decision trees is {self.depth}; it is 1 or 2.")
        if self.prefix < 1:
            raise ConfigError(f"The prefix has {self.prefix} arrivals; give at least 1.")
        if not 0.0 < self.share < 1.0:
            raise ConfigError(f"Heuristics are tried on a share of {self.share:g}; give one above 0 and below 1.")
        if self.further < 0:
            raise ConfigError(f"{self.further} further heuristics cannot be scored; give 0 or more.")
        if self.way not in {None, "tree", "probing", "all"}:
            raise ConfigError(f"The way is {self.way!r}; it is tree, probing or all.")

    @property
    def weight_kind(self) -> InstanceWeights:
        """The kind that `weights` names."""
        return next(kind for kind in get_args(InstanceWeights) if kind == self.weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRow:
    """One way to solve instances, with what it is worth and its work.

    Attributes:
        name: For people.
        way: Which.
        size: How many heuristics are at hand.
        worths: Split → mean worth, minimised; None where a heuristic failed.
        work: Split → mean work, in full runs of one heuristic.
        families: Split → family → mean worth.
    """

    name: str
    way: WayName
    size: int
    worths: Mapping[str, float | None]
    work: Mapping[str, float]
    families: Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedWay:
    """The way that a file uses.

    Attributes:
        way: "single", "tree", "probing" or "all".
        size: Of its set.
        reason: Why it is this one.
    """

    way: Literal["single", "tree", "probing", "all"]
    size: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSelection:
    """A set of heuristics with selectors.

    Attributes:
        pool: What it was chosen from; its members have their source.
        settings: How it was made.
        members: In the order they were chosen; the first is the single best.
        splits: Those that were scored, in order.
        is_gap: Whether worths are gaps in percent, else costs.
        online: Whether a heuristic's decisions stay, so that trying is no part of solving.
        rows: Every way, the single best first.
        selectors: Size → what the decision tree is and why.
        chosen: What a file uses.
        notes: What a reader should know, in sentences.
    """

    pool: SelectionPool
    settings: SelectionSettings
    members: Sequence[PooledHeuristic]
    splits: Sequence[Split]
    is_gap: bool
    online: bool
    rows: Sequence[SelectionRow]
    selectors: Mapping[int, LearnedSelector]
    chosen: SelectedWay
    notes: Sequence[str]


@dataclass(slots=True)
class _Costs:
    """What is known of one split; columns are members, NaN where one failed."""

    families: list[str]
    weights: Floats
    alone: Floats
    selected: Floats  # if the selector names the member: after the prefix of the first, where the problem is online
    probes: Floats | None
    shares: list[float]
    oracle: Floats
    oracle_size: int
    textbook: dict[str, Floats] = field(default_factory=dict)


def select_set(
    sources: Sequence[str],
    settings: SelectionSettings,
    *,
    archive: str,
    problem: str | None = None,
    problem_settings: Mapping[str, Any] | None = None,
    saying: Callable[[str], None] = lambda _what: None,
) -> SetSelection:
    """Choose a complementary set and its selectors, and score them.

    Args:
        sources: As for `read_pool`.
        settings: How.
        archive: Where runs are; scores on validation and test are stored there.
        problem: Name or folder, where no source tells.
        problem_settings: Of the problem.
        saying: Hears what is being done.

    Raises:
        ConfigError: As for `read_pool`, or nothing works on the training instances.
        ArchiveError: There is no such run.
        ExecutorError: The guest cannot be started.
    """
    pool = read_pool(sources, problem=problem, settings=problem_settings or {}, archive=archive, saying=saying)
    with SelectionScores(pool, archive=archive, prefix=settings.prefix, share=settings.share, saying=saying) as scores:
        return _selected(pool, scores, settings, archive)


def _selected(pool: SelectionPool, scores: SelectionScores, settings: SelectionSettings, archive: str) -> SetSelection:
    notes = list(pool.notes)
    candidates = _on_train(pool, scores, notes)
    most = max(settings.sizes)
    members, further = _chosen(pool, scores, candidates, settings, archive, notes)
    if len(members) < most:
        notes.append(f"Only {len(members)} heuristics behave differently on the training instances, so larger sets are left out.")
    sizes = [size for size in sorted(set(settings.sizes)) if size <= len(members)] or [len(members)]
    splits: tuple[Split, ...] = ("train", "validation", "test") if settings.test else ("train", "validation")
    make = _CostMaking(pool, scores, candidates, members, further, settings, notes)
    costs = {split: make.costs(split) for split in splits}
    selectors, rows = _ways(sizes, costs, scores, settings, notes)
    return SetSelection(
        pool=pool,
        settings=settings,
        members=members,
        splits=splits,
        is_gap=all(reference is not None for reference in scores.instances("train").references.values()),
        online=scores.is_online,
        rows=rows,
        selectors=selectors,
        chosen=_better(rows, settings, online=scores.is_online),
        notes=notes,
    )


def tree_in_words(learned: LearnedSelector) -> list[str]:
    """A decision tree, a line for each path; heuristics are counted from 1."""
    return lines_of(learned.tree)


def _on_train(pool: SelectionPool, scores: SelectionScores, notes: list[str]) -> list[Candidate]:
    """The pool as candidates with their training evaluations, numbered by their places; those that were never scored there are now."""
    names = [instance.name for instance in scores.instances("train").instances]
    evaluations: dict[str, Evaluation] = {}
    lacking: dict[str, str] = {}
    for each in pool.heuristics:
        stored = each.evaluations.get("train")
        if stored is not None and [result.instance for result in stored.results] == names:
            evaluations[each.name] = stored
        elif each.code:
            lacking[each.name] = each.code
    evaluations |= scores.evaluations(lacking, "train")
    failed = [name for name in lacking if evaluations[name].status is not Status.OK]
    notes += [f"{name} is left out: {evaluations[name].status.value} on train ({evaluations[name].detail})." for name in failed]
    return [
        Candidate(id=place, code=each.code, thought=each.thought, operator="", parents=(), evaluation=evaluations[each.name])
        for place, each in enumerate(pool.heuristics)
        if each.name in evaluations and evaluations[each.name].behaviour is not None
    ]


def _chosen(
    pool: SelectionPool,
    scores: SelectionScores,
    candidates: list[Candidate],
    settings: SelectionSettings,
    archive: str,
    notes: list[str],
) -> tuple[list[PooledHeuristic], list[PooledHeuristic]]:
    """The members of the largest set, and what the greedy choice would take next; without what fails on validation."""
    left = list(candidates)
    most = max(settings.sizes)
    while True:
        picked = complementary_set(left, most + settings.further, weights=settings.weight_kind)
        if not picked:
            raise ConfigError("No heuristic that was named works on all training instances; name a run whose candidates do.")
        chosen = [pool.with_code(archive, pool.heuristics[each.id]) for each in picked]
        refused = {each.name: reason for each in chosen if (reason := scores.turned_away(each)) is not None}
        tried = [each for each in chosen if each.name not in refused]
        for each, evaluation in zip(tried, scores.of_heuristics(tried, "validation"), strict=True):
            if evaluation.status is not Status.OK:
                refused[each.name] = f"{evaluation.status.value} on validation"
        if not refused:
            return chosen[:most], chosen[most:]
        notes += [f"{name} is left out: {reason}." for name, reason in refused.items()]
        left = [each for each in left if pool.heuristics[each.id].name not in refused]


class _CostMaking:
    """Makes what is known of a split."""

    def __init__(
        self,
        pool: SelectionPool,
        scores: SelectionScores,
        candidates: Sequence[Candidate],
        members: Sequence[PooledHeuristic],
        further: Sequence[PooledHeuristic],
        settings: SelectionSettings,
        notes: list[str],
    ) -> None:
        self._pool, self._scores, self._candidates, self._members = pool, scores, candidates, members
        self._further, self._settings, self._notes = further, settings, notes

    def costs(self, split: Split) -> _Costs:
        pool, scores, members = self._pool, self._scores, self._members
        instances = scores.instances(split)
        families = [instance.family for instance in instances.instances]
        alone = _columns(members, scores.of_heuristics(members, split), len(families), split, self._notes)
        selected, probes, shares = alone, None, []
        if len(members) > 1:
            selected = self._taken_over(split, alone)
            if scores.can_probe:
                tried = scores.evaluations({each.name: each.code for each in members}, f"probe:{split}")
                probes = np.column_stack([_costs_of(tried[each.name], len(families)) for each in members])
                shares = scores.shares(split)
        rules = pool.problem.rule_classes().alike(pool.problem.textbook_rules())
        scored = score_textbook_rules(pool.problem, instances, only=rules)
        known = {tuple(column.tolist()) for column in [*alone.T, *self._others(split)] if not np.isnan(column).any()}
        return _Costs(
            families=families,
            weights=_weights(families, self._settings.weight_kind),
            alone=alone,
            selected=selected,
            probes=probes,
            shares=shares,
            oracle=np.array(sorted(known)).min(axis=0) if known else np.full(len(families), np.nan),
            oracle_size=len(known),
            textbook={name: worths for name, each in scored.items() if (worths := worths_of(each)) is not None},
        )

    def _others(self, split: Split) -> list[Floats]:
        """What is known of heuristics that are no members."""
        scored = list(self._scores.of_heuristics(self._further, split))
        if split == "train":
            scored += [each.evaluation for each in self._candidates]
        else:
            scored += [found for each in self._pool.heuristics if (found := self._scores.known(each, split)) is not None]
        return [worths for each in scored if (worths := worths_of(each)) is not None]

    def _taken_over(self, split: Split, alone: Floats) -> Floats:
        """What each member is worth if it is chosen.

        Online, the first decides on the prefix, and the chosen one from then on.
        """
        problem, members = self._pool.problem, self._members
        if not isinstance(problem, OnlineProblem):
            return alone
        arrived = problem.arrivals_argument()
        if arrived is None:
            words = "Heuristics of this problem are not told how many pieces have arrived, so none can take over: always the single best."
            self._notes += [] if words in self._notes else [words]
            return np.column_stack([alone[:, 0]] * len(members))
        signature, prefix = signatures_of(problem.functions())[0], self._settings.prefix
        codes = {
            f"{members[0].name} then {each.name}": taking_over(
                members[0].code, each.code, signature, arrived=arrived, after=prefix
            )
            for each in members[1:]
        }
        made = self._scores.evaluations(codes, split)
        rows = alone.shape[0]
        columns = [worths if (worths := worths_of(made[name])) is not None else np.full(rows, np.nan) for name in codes]
        return np.column_stack([alone[:, 0], *columns])


def _columns(
    members: Sequence[PooledHeuristic], evaluations: Sequence[Evaluation], instances: int, split: str, notes: list[str]
) -> Floats:
    columns = []
    for each, evaluation in zip(members, evaluations, strict=True):
        worths = worths_of(evaluation)
        if worths is None:
            notes.append(
                f"{each.name} fails on {split} ({evaluation.status.value}: {evaluation.detail}); what needs it is worth nothing there."
            )
        columns.append(np.full(instances, np.nan) if worths is None else worths)
    return np.column_stack(columns)


def _costs_of(evaluation: Evaluation, instances: int) -> Floats:
    """Costs on small instances; infinite from where a heuristic failed, so that it is not kept."""
    costs = np.full(instances, np.inf)
    if evaluation.status is Status.OK:
        costs[:] = [result.cost for result in evaluation.results]
    return costs


def _weights(families: Sequence[str], kind: InstanceWeights) -> Floats:
    size = Counter(families)
    by_family = kind == "families"
    return np.array([1.0 / (len(size) * size[family]) if by_family else 1.0 / len(families) for family in families])


def _ways(
    sizes: Sequence[int],
    costs: Mapping[Split, _Costs],
    scores: SelectionScores,
    settings: SelectionSettings,
    notes: list[str],
) -> tuple[dict[int, LearnedSelector], list[SelectionRow]]:
    online = scores.is_online
    features = {split: scores.features(split) for split in costs}
    names = list(features["train"][0])
    if not names:
        notes.append("The problem tells nothing of its instances (Problem.features), so there is no decision tree.")
    if next(iter(costs.values())).probes is None and max(sizes) > 1:
        notes.append("The problem makes no smaller instances (Problem.coarse), so nothing is probed.")
    rows = [_row("single best", "single", 1, costs, {s: c.alone[:, 0] for s, c in costs.items()})]
    selectors: dict[int, LearnedSelector] = {}
    for size in sizes:
        if size == 1:
            continue
        tables = {
            split: WorthTable(
                worths=each.selected[:, :size],
                features=np.array([[row[name] for name in names] for row in features[split]]).reshape(
                    len(each.families), len(names)
                ),
                names=names,
                families=each.families,
                weights=each.weights,
            )
            for split, each in costs.items()
        }
        sure = replace(tables["train"], worths=np.nan_to_num(tables["train"].worths, nan=_FAILED))
        selectors[size] = learned = learn(sure, depth=settings.depth)
        picked = {split: _picked(table.worths, choices_of(learned.tree, table)) for split, table in tables.items()}
        rows.append(_row(f"tree over {size}", "tree", size, costs, picked))
        probed = {s: _picked(c.selected, kept_by_probe(c.probes[:, :size])) for s, c in costs.items() if c.probes is not None}
        if len(probed) == len(costs):
            work = {s: float(np.mean(probing_work(c.shares, size, first_is_solution=online))) for s, c in costs.items()}
            rows.append(_row(f"probing {size}", "probing", size, costs, probed, work))
        best = {split: each.alone[:, :size].min(axis=1) for split, each in costs.items()}
        way: WayName = "index" if online else "all"
        name = f"best of {size}, in hindsight" if online else f"run all {size}"
        rows.append(_row(name, way, size, costs, best, dict.fromkeys(costs, work_of_all(size))))
    most = max(each.oracle_size for each in costs.values())
    work = {split: float(each.oracle_size) for split, each in costs.items()}
    rows.append(_row("oracle", "oracle", most, costs, {split: each.oracle for split, each in costs.items()}, work))
    rows += [
        _row(f"textbook:{rule}", "textbook", 1, costs, {split: each.textbook[rule] for split, each in costs.items()})
        for rule in next(iter(costs.values())).textbook
        if all(rule in each.textbook for each in costs.values())
    ]
    return selectors, rows


def _picked(worths: Floats, places: NDArray[np.int64]) -> Floats:
    taken: Floats = worths[np.arange(places.size), places]
    return taken


def _row(
    name: str,
    way: WayName,
    size: int,
    costs: Mapping[Split, _Costs],
    worths: Mapping[Split, Floats],
    work: Mapping[Split, float] | None = None,
) -> SelectionRow:
    families: dict[str, Mapping[str, float | None]] = {
        split: {
            family: _number(float(worths[split][[each == family for each in found.families]].mean()))
            for family in dict.fromkeys(found.families)
        }
        for split, found in costs.items()
    }
    return SelectionRow(
        name=name,
        way=way,
        size=size,
        worths={split: _number(float(found.weights @ worths[split])) for split, found in costs.items()},
        work={split: 1.0 if work is None else work[split] for split in costs},
        families=families,
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value


def _better(rows: Sequence[SelectionRow], settings: SelectionSettings, *, online: bool) -> SelectedWay:
    """Choose the way that is best on validation; running all only if it is asked for.

    Of equal ones that of least work. The single best stays unless the lead over it, mean over families, is more than two standard errors.
    """
    single = rows[0]
    if settings.way == "all" and online:
        raise ConfigError(
            "Online, a decision stays, so all heuristics cannot be run on one stream; choose --way tree or probing."
        )
    wanted = {settings.way} if settings.way else {"tree", "probing"}
    found = [row for row in rows if row.way in wanted and row.worths["validation"] is not None]
    best = min(found, key=lambda row: (row.worths["validation"], row.work["validation"], row.size), default=None)
    if best is None:
        reason = "there is no set of two or more" if not settings.way else f"there is no way {settings.way} here"
        return SelectedWay(way="single", size=1, reason=reason)
    way: Literal["tree", "probing", "all"] = "tree" if best.way == "tree" else "probing" if best.way == "probing" else "all"
    mine, theirs = best.worths["validation"] or 0.0, single.worths["validation"] or 0.0
    saved = [
        (single.families["validation"][family] or 0.0) - (each or 0.0) for family, each in best.families["validation"].items()
    ]
    lead, error = mean_and_error(saved)
    if settings.way:
        return SelectedWay(way=way, size=best.size, reason=f"asked for; {best.name} is the best of this way on validation")
    if lead <= LEADING_ERRORS * error or mine >= theirs:
        words = f"the lead of {best.name}, {lead:.3g} with a standard error of {error:.3g} over families, is not shown"
        return SelectedWay(way="single", size=1, reason=f"on validation no selector is surely better ({words})")
    return SelectedWay(
        way=way,
        size=best.size,
        reason=f"on validation it is the best selector, {mine:.4g} against {theirs:.4g} of the single best",
    )
