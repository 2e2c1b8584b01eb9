"""Choice of a complementary set of heuristics, and of a selector that says which of them solves an instance.

Set and selector are chosen by the costs of training instances. What they are worth is reported on every split, each with its work.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evoheur.api.selection_costs import CostMaking
from evoheur.api.selection_forms import SelectedWay, SelectionRow, SelectionSettings, SetSelection, WayName, tree_in_words
from evoheur.api.selection_pool import PooledHeuristic, SelectionPool, read_pool
from evoheur.api.selection_scores import SelectionScores
from evoheur.api.selection_ways import better_way, ways_of
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.errors import ConfigError
from evoheur.problem import Split
from evoheur.strategies.complementary import complementary_set

__all__ = ["SelectedWay", "SelectionRow", "SelectionSettings", "SetSelection", "WayName", "select_set", "tree_in_words"]


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
    make = CostMaking(pool, scores, candidates, members=members, further=further, settings=settings, notes=notes)
    costs = {split: make.costs(split) for split in splits}
    selectors, rows = ways_of(sizes, costs, scores, settings, notes)
    return SetSelection(
        pool=pool,
        settings=settings,
        members=members,
        splits=splits,
        is_gap=all(reference is not None for reference in scores.instances("train").references.values()),
        online=scores.is_online,
        rows=rows,
        selectors=selectors,
        chosen=better_way(rows, settings, online=scores.is_online),
        notes=notes,
    )


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
