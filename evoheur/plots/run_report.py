"""The report of a run, one HTML file with all that is to be told of it.

It asks nothing of any network, and holds no script.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from evoheur import ConfigError, __version__, open_archive
from evoheur.api.run_story import SPLITS, HeuristicRow, RunStory, read_story, repeated_config
from evoheur.charts.operator_earnings import operator_earnings
from evoheur.charts.run_course import RunCourse
from evoheur.documents.candidate_document import family_gaps_of
from evoheur.documents.evaluation_document import gap_of
from evoheur.documents.run_document import kind_of
from evoheur.observers.conclusions import audit_of, leads
from evoheur.observers.number_text import Scale, breeding, count, duration, money, one_line, printable, spent
from evoheur.plots.report_figures import report_figures

__all__ = ["report_page", "write_report"]

_STYLE = "friendly"  # of highlighted code, on white
_LONGEST_LINEAGE = 60


class _Family(NamedTuple):
    """A family of instances in the table: gaps of the start, of the best, and of the best textbook rule."""

    name: str
    own: float | None
    best: float | None
    rule: str
    textbook: float | None


def write_report(
    name: str | None,
    path: str | Path,
    *,
    archive: str | Path | None = None,
    textbook: bool = True,
    saying: Callable[[str], None] = lambda _what: None,
) -> None:
    """Write the report of a run to a file, in place of what is there.

    Args:
        name: Of the run; None for the latest.
        path: Of the file.
        archive: Where the run is: a URL, a `Path` to an SQLite file, or None for $EVOHEUR_ARCHIVE, else runs/evoheur.db.
        textbook: As for `report_page`.
        saying: Hears what is being done.

    Raises:
        ArchiveError: There is no such run, or its baseline was never evaluated.
        ConfigError: The file cannot be written.
    """
    page = report_page(name, archive=archive, textbook=textbook, saying=saying)
    try:
        Path(path).write_text(page, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(path)!r} cannot be written ({error.strerror}); name a file that you may write.") from error


def report_page(
    name: str | None,
    *,
    archive: str | Path | None = None,
    textbook: bool = True,
    saying: Callable[[str], None] = lambda _what: None,
) -> str:
    """Make the report of a run, as an HTML page.

    Args:
        name: Of the run; None for the latest.
        archive: As for `write_report`.
        textbook: Whether the textbook rules are scored anew; else the page has what the archive knows of them.
        saying: Hears what is being done.

    Raises:
        ArchiveError: There is no such run, or its baseline was never evaluated.
    """
    story = read_story(name, archive=archive, textbook=textbook, saying=saying)
    saying("drawing")
    with open_archive(archive) as opened:
        course = RunCourse.read(opened, story.run.name)
        figures = report_figures(opened, story, course)
        return (
            _environment()
            .get_template("report.html")
            .render(
                story=story,
                run=story.run,
                strategy=kind_of(story.run.config, "strategy"),
                generator=kind_of(story.run.config, "generator"),
                best=story.stopped.delivered if story.found else None,
                splits=[split for split in SPLITS if any(split in row.scores for row in story.rows)],
                families=dict(_families(story)),
                earnings=operator_earnings(course),
                figures=figures,
                audits=list(_audits(story)),
                warnings=list(_not_to_claim(story)),
                lineage=story.lineage[:_LONGEST_LINEAGE],
                configuration=repeated_config(story.run),
                version=__version__,
                code_style=Markup(HtmlFormatter(style=_STYLE).get_style_defs(".highlight")),  # type: ignore[no-untyped-call]  # noqa: S704 - no word of a user's
            )
        )


def _families(story: RunStory) -> Iterator[tuple[str, list[_Family]]]:
    """Split → gaps by family of the start, of the best and of the best textbook rule."""
    best = story.stopped.delivered if story.found else None
    own = family_gaps_of(story.stopped.baseline)
    ours = {} if best is None else family_gaps_of(best)
    for split in SPLITS:
        names = list(dict.fromkeys([*own.get(split, {}), *ours.get(split, {})]))
        textbook = story.textbook_gaps.get(split, {})
        rows = []
        for name in names:
            rule = textbook.get(name)
            rows.append(
                _Family(
                    name,
                    own.get(split, {}).get(name),
                    ours.get(split, {}).get(name),
                    "" if rule is None else rule.rule,
                    None if rule is None else rule.gap,
                )
            )
        if any(row.own is not None or row.best is not None for row in rows):
            yield split, rows


def _audits(story: RunStory) -> Iterator[tuple[str, str]]:
    """The name of every audited candidate, with its leads on train and on fresh instances."""
    for record in story.stopped.audited:
        found = audit_of(record, story.stopped.baseline)
        if found is not None:
            yield record.id, leads(found)


def _not_to_claim(story: RunStory) -> Iterator[str]:
    """What a reader might conclude from this run, and must not."""
    stopped = story.stopped
    yield (
        f"This is one run with one seed ({story.run.seed}). It shows what was found, not that the method finds such things: for that, "
        "compare several seeds at equal budgets (evoheur sweep, evoheur compare)."
    )
    best = stopped.delivered
    if story.found and best is not None and "test" not in best.evaluations:
        yield (
            f"The best was chosen by its score on validation, which therefore flatters it. Judge it on instances that nothing was chosen "
            f"by: evoheur evaluate {best.id} --split test."
        )
    yield "All gaps are on instances of the problem's own generator or files; on others, the order of heuristics may be another one."
    if stopped.classes.differ:
        yield "Rules of another class know more, or work more; a heuristic that beats those of its class need not beat them."
    if story.fault:
        yield f"The textbook rules were not scored for this report: {story.fault}"
    if story.run.status != "finished":
        yield f"The run is {story.run.status}: what it shows may still change."
    if stopped.totals.cost_usd is not None:
        yield "The price is that of the model calls; the time of processors and people is not in it."


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(
        count=count,
        duration=duration,
        money=money,
        one_line=one_line,
        spent=spent,
        code=_code,
        text=Scale.GAP.text,
        printable=printable,
    )
    found.globals.update(breeding=breeding, cell=_cell, gap_of=gap_of, lowest=_lowest)
    return found


def _code(source: str) -> Markup:
    """Python source, highlighted; every sign of it is escaped."""
    return Markup(highlight(printable(source).strip("\n"), PythonLexer(stripnl=False), HtmlFormatter(style=_STYLE)))  # noqa: S704


def _cell(row: HeuristicRow, split: str, scale: Scale) -> str:
    """What a heuristic got on a split, in words."""
    if split not in row.scores:
        return "–"
    objective = row.objective(split)
    return row.scores[split].status.value if objective is None else scale.text(objective)


def _lowest(rows: Sequence[HeuristicRow], split: str) -> float | None:
    return min((value for row in rows if (value := row.objective(split)) is not None), default=None)
