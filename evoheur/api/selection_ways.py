"""Ways to solve instances with a set of heuristics: what each is worth, and which is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.api.selection_costs import SplitCosts
from evoheur.api.selection_forms import SelectedWay, SelectionRow, SelectionSettings, WayName
from evoheur.api.selection_scores import SelectionScores
from evoheur.errors import ConfigError
from evoheur.problem import Split
from evoheur.selectors.decision_tree import WorthTable, choices_of
from evoheur.selectors.learned_selector import LEADING_ERRORS, LearnedSelector, learn, mean_and_error
from evoheur.selectors.probing import kept_by_probe, probing_work, work_of_all

__all__ = ["better_way", "ways_of"]

Floats: TypeAlias = NDArray[np.float64]

_FAILED = 1e9  # a worth that no tree chooses


def ways_of(
    sizes: Sequence[int],
    costs: Mapping[Split, SplitCosts],
    scores: SelectionScores,
    settings: SelectionSettings,
    notes: list[str],
) -> tuple[dict[int, LearnedSelector], list[SelectionRow]]:
    """Learn the selectors of every size, and say what each way is worth.

    Args:
        sizes: Of the sets, ascending.
        costs: Split → what is known of it.
        scores: Tells features.
        settings: Of the selection.
        notes: Gets what a reader should know.

    Returns:
        Size → decision tree; and the rows, the single best first.
    """
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
    costs: Mapping[Split, SplitCosts],
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


def better_way(rows: Sequence[SelectionRow], settings: SelectionSettings, *, online: bool) -> SelectedWay:
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
