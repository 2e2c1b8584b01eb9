"""The table of runs: which of them are shown, in which order, and what their cells say."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from evoheur import ConfigError
from evoheur.api.archives import RunPulse
from evoheur.charts.run_overview import RUN_STATES, RunOverview, RunState, SplitStanding, method_of, run_state
from evoheur.observers.number_text import Scale
from evoheur.ui.rendering import address

__all__ = ["SORTS", "ListedRun", "RunTable", "TableQuery", "run_table"]

PAGE_ROWS = 25
_SPARK_WIDTH, _SPARK_HEIGHT = 110.0, 22.0
_SPARK_STEPS = 60  # of more, none is wide enough to be seen

SORTS: Mapping[str, str] = {
    "created": "started",
    "name": "run",
    "state": "state",
    "problem": "problem",
    "method": "bred by",
    "train": "train",
    "validation": "validation",
    "audit": "audit",
    "evaluations": "evaluations",
    "calls": "calls",
    "tokens": "tokens",
    "cost": "cost",
    "rate": "per minute",
}
"""What runs can be sorted by, with the heading of its column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuery:
    """What of the table is asked for.

    Attributes:
        q: Words that name, problem, method, note or tags must hold; all of them.
        state: Of `RUN_STATES`; empty for all.
        problem: Its name; empty for all.
        tag: That runs must have; empty for all.
        sort: Key of `SORTS`.
        order: "up" or "down".
        page: From 1.
    """

    q: str = ""
    state: str = ""
    problem: str = ""
    tag: str = ""
    sort: str = "created"
    order: str = "down"
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "TableQuery":
        """The query in an address.

        Raises:
            ConfigError: It asks for what there is not.
        """
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {key: value.strip() for key, value in given.items() if key in known and value.strip()}
        if not values.get("page", "1").isascii() or not values.get("page", "1").isdecimal():
            raise ConfigError(f"The page is {values['page'][:40]!r}; give a number from 1.")
        found = cls(**{**values, "page": max(1, int(values.get("page", "1")[:9]))})
        for key, allowed in (("sort", tuple(SORTS)), ("order", ("up", "down")), ("state", ("", *RUN_STATES))):
            if getattr(found, key) not in allowed:
                raise ConfigError(f"{key} is {getattr(found, key)[:40]!r}; it can be {', '.join(filter(None, allowed))}.")
        return found

    def address(self, **changes: Any) -> str:
        """The address of the same table with changes; a change of anything but the page leads to its first."""
        changed = replace(self, **{"page": 1, **changes})
        defaults = TableQuery()
        values = {field.name: getattr(changed, field.name) for field in fields(changed)}
        return address(**{key: value for key, value in values.items() if value != getattr(defaults, key)})

    def sorted_by(self, key: str) -> str:
        """The address of the table sorted by a column; in the other direction, if it is already."""
        down = key not in {"name", "state", "problem", "method", "train", "validation", "audit"}
        order = "down" if down else "up"
        if self.sort == key:
            order = "up" if self.order == "down" else "down"
        return self.address(sort=key, order=order)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRun:
    """A run in the table.

    Attributes:
        overview: What is known of it.
        state: How it stands.
        method: What bred its heuristics.
        scale: How objectives are written.
        spark: The best so far as points of a line, "x,y x,y …"; empty without two.
    """

    overview: RunOverview
    state: RunState
    method: str
    scale: Scale
    spark: str

    def split_text(self, split: str) -> str:
        """The best on a split: its gap, its objective where there are no references, or "-"."""
        standing = self.overview.standings.get(split)
        if standing is None:
            return "-"
        return self.scale.text(standing.objective) if standing.gap is None else Scale.GAP.text(standing.gap)

    def textbook_text(self, split: str) -> str:
        """The gap of the best textbook rule on a split; empty where none is known."""
        standing = self.overview.standings.get(split)
        return "" if standing is None or standing.textbook is None else Scale.GAP.text(standing.textbook)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTable:
    """A page of the table.

    Attributes:
        query: What was asked for.
        rows: In order.
        found: How many runs were found.
        all: How many runs the archive holds.
        pages: How many pages they make; 1 or more.
        problems: Those of all runs.
        tags: Those of all runs.
    """

    query: TableQuery
    rows: Sequence[ListedRun]
    found: int
    all: int
    pages: int
    problems: Sequence[str]
    tags: Sequence[str]


def run_table(
    pulses: Sequence[RunPulse], query: TableQuery, overview: Callable[[RunPulse], RunOverview], now: datetime
) -> RunTable:
    """Make a page of the table.

    Args:
        pulses: Of all runs of the archive.
        query: What is asked for.
        overview: Reads a run; of those that are not shown only where the order depends on it.
        now: The time of day, aware.
    """
    found = [pulse for pulse in pulses if _matches(pulse, query, now)]
    key = _PLAIN_KEYS.get(query.sort)
    if key is not None:
        found.sort(key=lambda pulse: key(pulse, now), reverse=query.order == "down")
    else:
        figures = {pulse.run.id: _figure(overview(pulse), query.sort) for pulse in found}
        known = [pulse for pulse in found if figures[pulse.run.id] is not None]
        known.sort(key=lambda pulse: figures[pulse.run.id] or 0.0, reverse=query.order == "down")
        found = known + [pulse for pulse in found if figures[pulse.run.id] is None]  # at the end, whatever the direction
    pages = max(1, math.ceil(len(found) / PAGE_ROWS))
    page = min(query.page, pages)
    shown = found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    return RunTable(
        query=replace(query, page=page),
        rows=[_row(pulse, overview(pulse), now) for pulse in shown],
        found=len(found),
        all=len(pulses),
        pages=pages,
        problems=sorted({pulse.run.problem for pulse in pulses}),
        tags=sorted({tag for pulse in pulses for tag in pulse.run.tags}),
    )


_PLAIN_KEYS: Mapping[str, Callable[[RunPulse, datetime], Any]] = {
    "created": lambda pulse, _now: (pulse.run.created_at, pulse.run.id),
    "name": lambda pulse, _now: pulse.run.name,
    "state": lambda pulse, now: (RUN_STATES.index(run_state(pulse, now)), -pulse.run.id),
    "problem": lambda pulse, _now: (pulse.run.problem, -pulse.run.id),
    "method": lambda pulse, _now: (method_of(pulse.run), -pulse.run.id),
}


def _matches(pulse: RunPulse, query: TableQuery, now: datetime) -> bool:
    run = pulse.run
    words = " ".join((run.name, run.problem, method_of(run), run.note, *run.tags)).casefold()
    return (
        all(word in words for word in query.q.casefold().split())
        and query.problem in {"", run.problem}
        and (not query.tag or query.tag in run.tags)
        and query.state in {"", run_state(pulse, now)}
    )


def _figure(overview: RunOverview, sort: str) -> float | None:
    document = overview.document
    standing: SplitStanding | None = overview.standings.get(sort)
    figures: dict[str, float | None] = {
        "evaluations": document.evaluations,
        "calls": document.calls,
        "tokens": document.tokens,
        "cost": document.cost_usd,
        "rate": overview.rate,
    }
    if sort in figures:
        return figures[sort]
    return None if standing is None else standing.objective if standing.gap is None else standing.gap


def _row(pulse: RunPulse, overview: RunOverview, now: datetime) -> ListedRun:
    kinds = {"gap_percent": Scale.GAP, "textbook_ratio": Scale.RATIO}
    return ListedRun(
        overview=overview,
        state=run_state(pulse, now),
        method=method_of(pulse.run),
        scale=kinds.get(overview.document.objective_kind or "", Scale.COST),
        spark=_spark(overview),
    )


def _spark(overview: RunOverview) -> str:
    """The best so far as a staircase, from its first improvement to the last evaluation."""
    curve = overview.curve
    if not curve:
        return ""
    first, end = curve[0][0], max(overview.document.evaluations, curve[-1][0])
    low, high = min(value for _, value in curve), max(value for _, value in curve)
    across, down = _SPARK_WIDTH / max(1, end - first), (_SPARK_HEIGHT - 4) / ((high - low) or 1.0)
    corners: list[tuple[float, float]] = []
    shown = (
        curve
        if len(curve) <= _SPARK_STEPS
        else [curve[at * (len(curve) - 1) // (_SPARK_STEPS - 1)] for at in range(_SPARK_STEPS)]
    )
    for evaluations, value in shown:
        x, y = (evaluations - first) * across, 2 + (high - value) * down
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    corners.append((_SPARK_WIDTH, corners[-1][1]))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
