"""The Markdown of tables, and the document they belong to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evoheur.errors import ConfigError

from .data_sets import BaselineTable, DataSet, PublishedFigure
from .measure import Score, by_family, figures

__all__ = ["block", "block_with", "rewritten", "text_of"]

_MEASURABLE = 0.0005  # seconds; below, what is measured is mostly the measuring
_ROUNDING = 1e-9
_DECIMALS = 3  # of smallest gaps

_PLACE = re.compile(r"(<!-- (?P<name>\w+): written by a program -->\n)(?P<text>.*?)(?P<end><!-- end of (?P=name) -->)", re.DOTALL)


def rewritten(document: str, blocks: Mapping[str, str]) -> str:
    """The document with new text between the marks of some data sets.

    Args:
        document: With a line `<!-- NAME: written by a program -->` and a line `<!-- end of NAME -->` for every data set.
        blocks: Name → text to put between them.

    Raises:
        ConfigError: A data set has no such lines.
    """
    missing = sorted(set(blocks) - {place["name"] for place in _PLACE.finditer(document)})
    if missing:
        raise ConfigError(
            f"The document has no place for {', '.join(missing)}; add the lines <!-- {missing[0]}: written by a program --> and "
            f"<!-- end of {missing[0]} -->."
        )

    def filled(place: re.Match[str]) -> str:
        return f"{place[1]}\n{blocks[place['name']]}\n\n{place['end']}" if place["name"] in blocks else place[0]

    return _PLACE.sub(filled, document)


def block(data: DataSet, measured: Sequence[tuple[BaselineTable, Sequence[Score]]]) -> str:
    """The text of a data set.

    The command, the checks, and a table for every problem.
    """
    parts = [f"`make textbook-rules DATA=$EVOHEUR_DATA ONLY={data.name}`"]
    checks = [_check(check, found, data) for table, found in measured for check in table.checks]
    if checks:
        parts.append(
            _table(["checked against the literature, at one decimal", "expected, %", "reached, %", "outside by"], checks)
        )
    for table, found in measured:
        parts += [_heading(table), _gaps(found, data), _smallest(found, data)]
    return "\n\n".join(parts)


def block_with(old: str, data: DataSet, measured: Sequence[tuple[BaselineTable, Sequence[Score]]]) -> str:
    """The text of a data set, of which some tables are measured anew.

    Args:
        old: The text before, of which the other tables are kept.
        data: The data set.
        measured: New tables and their scores.
    """
    head, *tables = re.split(r"(?m)^(?=\*\*`)", old.strip())
    fresh_head, *fresh = re.split(r"(?m)^(?=\*\*`)", block(data, measured))
    rows = {_first_cell(line): line for line in fresh_head.splitlines() if line.startswith("| ")}
    lines = [rows.get(_first_cell(line), line) for line in (head.strip() or fresh_head.strip()).splitlines()]
    found = {text.partition("\n")[0]: text.strip() for text in (*tables, *fresh)}
    kept = [found[heading] for heading in map(_heading, data.tables) if heading in found]
    return "\n\n".join(["\n".join(lines), *kept])


def _first_cell(line: str) -> str:
    return line.split(" | ", maxsplit=1)[0]


def text_of(document: str, name: str) -> str:
    """What stands between the marks of a data set; empty where it has no place."""
    return next((place["text"] for place in _PLACE.finditer(document) if place["name"] == name), "")


def _heading(table: BaselineTable) -> str:
    settings = "".join(f", {key}: {_number(value)}" for key, value in table.settings.items())
    only = f", set {table.only} only" if table.only else ""
    return f"**`{table.problem}`**{settings}{only}: mean / worst gap in %, seconds an instance"


def _number(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _gaps(found: Sequence[Score], data: DataSet) -> str:
    families = by_family(found)
    rules = list(next(iter(families.values())))
    rows = []
    for family, scored in families.items():
        summaries = [figures(scored[rule], pooled=data.pooled) for rule in rules]
        cells = [f"{_percent(each.mean)} / {_percent(each.worst)}, {_seconds(each.seconds)}" for each in summaries]
        rows.append([family, str(len(scored[rules[0]])), *cells])
    rows.append(["*class*", "", *(f"*{scored[rule][0].rule_class}*" for rule in rules)])
    return _table(["family", "instances", *(f"`{rule}`" for rule in rules)], rows)


def _percent(gap: float) -> str:
    return f"{round(gap, 2) + 0.0:.2f}"  # not "-0.00", where a reference has fewer digits than a cost


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds >= _MEASURABLE else "<0.001"


def _smallest(found: Sequence[Score], data: DataSet) -> str:
    proven = [score for score in found if score.proven]
    others = [score for score in found if not score.proven]
    kind = "lower bounds" if data.bound else "proven optima"
    said = [f"over {name} {_least(scores)}" for name, scores in ((kind, proven), ("best known values", others)) if scores]
    return f"Smallest gap {'; '.join(said)}."


def _least(found: Sequence[Score]) -> str:
    least = min(found, key=lambda score: score.gap)
    gap = round(least.gap, _DECIMALS) + 0.0  # not "-0.000", where a reference has fewer digits than a cost
    return f"{gap:.{_DECIMALS}f} % ({least.rule} on {least.instance})"


def _check(check: PublishedFigure, found: Sequence[Score], data: DataSet) -> list[str]:
    meant = [score for score in found if score.rule == check.rule and check.family in {"", score.family}]
    expected = f"{check.low:.1f} to {check.high:.1f}"
    if not meant:
        return [check.what, expected, "no such files", "-"]
    reached = figures(meant, pooled=data.pooled).mean
    published = round(reached, 1)  # as many decimals as the literature gives
    outside = max(check.low - published, published - check.high)
    return [
        check.what,
        f"{check.low:.1f} to {check.high:.1f}",
        f"{reached:.2f}",
        f"{outside:.1f}" if outside > _ROUNDING else "-",
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
