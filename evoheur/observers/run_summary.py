"""The summary at the end of a run, for people.

What was spent, the best heuristic beside the textbook rules, and where to look further.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.syntax import Syntax
from rich.text import Text

from evoheur.archive.best_choice import validated
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import AUDIT, Evaluation
from evoheur.documents.evaluation_document import gap_of
from evoheur.observers.conclusions import verdict
from evoheur.observers.fitting_tables import FittingTable
from evoheur.observers.number_text import (
    Scale,
    breeding,
    brought,
    count,
    duration,
    estimate_and_use,
    failures,
    funnelled,
    one_line,
    printable,
    raced,
    spent,
    waited,
)
from evoheur.run.budget import Budget
from evoheur.run.events import RunStopped
from evoheur.textbook_rule import RuleClass

__all__ = ["print_summary"]

_SPLITS = ("train", "validation")
_MARK = " *"
_SHARES_SHOWN, _LEVELS_SHOWN = 8, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    kind: str
    scores: dict[str, Evaluation]
    rule_class: RuleClass | None

    def objective(self, split: str) -> float | None:
        return self.scores[split].objective if split in self.scores else None


def print_summary(console: Console, stopped: RunStopped, *, command_options: str = "") -> None:
    """Print the summary of a session.

    Args:
        console: A terminal gets colours and highlighted code; anything else the same words as plain text.
        stopped: The end of the session.
        command_options: Added to each suggested command.
    """
    _Summary(console, stopped, command_options).print()


class _Summary:
    def __init__(self, console: Console, stopped: RunStopped, command_options: str) -> None:
        self._console = console
        self._stopped = stopped
        self._options = f" {command_options}" if command_options else ""
        self._best = stopped.chosen
        self._delivered = stopped.delivered
        self._rows = list(_rows(stopped))
        self._scale = Scale.of(evaluation for row in reversed(self._rows) for evaluation in row.scores.values())

    def print(self) -> None:
        stopped = self._stopped
        self._say("")
        self._say(f"Run {stopped.run.name} {stopped.run.status}: {stopped.run.reason or 'no reason given'}", "bold")
        self._say(f"Spent {spent(stopped.totals)}; {duration(stopped.totals.seconds)}")
        if stopped.estimate is not None:
            words = estimate_and_use(stopped.estimate, stopped.totals)
            self._say(f"{words[:1].upper()}{words[1:]}")
        self._print_spending()
        self._say(f"Failures: {failures(stopped.totals.failures, most=12)}")
        if stopped.funnel:
            self._say(f"Funnel: {funnelled(stopped.funnel)}")
        if stopped.race is not None:
            self._say(f"Racing: {raced(stopped.race)}")
        if stopped.waited is not None:
            self._say(f"Waiting: {waited(stopped.waited)}")
        self._say("")
        if self._succeeded and self._best is not None:
            self._print_best(self._best)
        else:
            self._say("No candidate succeeded, so there is nothing to compare or export.", "bold red")
            self._say("")
        self._print_table()
        if self._succeeded:
            for sentence in verdict(stopped, self._scale, command_options=self._options.strip()):
                self._say(sentence)
            self._say("")
        self._say("Look further:")
        for command in self._commands():
            self._say(f"  evoheur {command}{self._options}", "cyan")

    def _print_spending(self) -> None:
        """What every model and operator spent and brought, and what the last bests took."""
        spending = self._stopped.spending
        if spending is None:
            return
        for what, shares in (("model", spending.models), ("operator", spending.operators)):
            for share in shares[:_SHARES_SHOWN]:
                self._say(f"  {what} {one_line(share.name)}: {brought(share)}")
            if len(shares) > _SHARES_SHOWN:
                self._say(f"  … and {len(shares) - _SHARES_SHOWN} more; `evoheur spend` lists all")
        levels = [f"{self._scale.text(level.objective)} after {count(level.tokens, 'token')}" for level in spending.levels]
        if levels:
            self._say(f"  bests on train: {'… ' if len(levels) > _LEVELS_SHOWN else ''}{', '.join(levels[-_LEVELS_SHOWN:])}")

    @property
    def _succeeded(self) -> bool:
        return self._best is not None and self._best.candidate.objective is not None

    def _print_best(self, best: CandidateRecord) -> None:
        compared = len(self._stopped.best)
        where = (
            f"on validation, of the {compared} best on train" if compared > 1 and validated(self._stopped.best) else "on train"
        )
        if best is self._stopped.baseline:
            where = "on validation, which nothing found surpasses"
        self._say(f"Best heuristic {where}: {best.id} ({breeding(best.candidate)})", "bold")
        self._say(best.candidate.thought or "no thought given", "italic")
        self._say("")
        delivered = self._delivered or best
        if delivered is not best:
            words = f"What remains of it is {delivered.id}; `evoheur show {best.id} --original{self._options}` shows it as it was bred."
            self._say(words)
            self._say("")
        code = printable(delivered.candidate.code, self._console.encoding).strip("\n")
        if self._console.is_terminal:
            syntax = Syntax(code, "python", theme="ansi_dark", background_color="default", word_wrap=True)
            self._console.print(Padding(syntax, (0, 0, 0, 2)))
        else:
            for line in code.split("\n"):
                self._console.print(Text(f"  {line}".rstrip()), soft_wrap=True)
        self._say("")

    def _print_table(self) -> None:
        if not self._rows:
            return
        # A run that was interrupted has no discovered heuristic on validation: then train is what orders the table.
        validated = any(row.kind == "discovered" and row.objective("validation") is not None for row in self._rows)
        order = ("validation", "train") if validated or not self._succeeded else ("train", "validation")
        rows = sorted(self._rows, key=lambda row: [_last_if_none(row.objective(split)) for split in order])
        lowest = {
            split: min((value for row in rows if (value := row.objective(split)) is not None), default=None) for split in _SPLITS
        }
        table = FittingTable(self._console)
        table.add_column("heuristic", overflow="fold", min_width=9)
        table.add_column("kind", overflow="fold", min_width=9)
        if self._stopped.classes.differ:
            table.add_column("class", overflow="fold", min_width=9)
        for split in _SPLITS:
            table.add_column(f"{split} {self._scale.value}", justify="right", no_wrap=True, overflow="fold")
        audited = any(AUDIT in row.scores for row in rows)
        if audited:
            table.add_column(f"{AUDIT} {self._scale.value}", justify="right", no_wrap=True, overflow="fold")
        relative = self._scale is Scale.RATIO
        if relative:
            table.add_column("validation gap", justify="right", no_wrap=True, overflow="fold")
        for row in rows:
            kind = [row.kind, str(row.rule_class)] if self._stopped.classes.differ else [row.kind]
            cells = [self._cell(row, split, lowest[split]) for split in _SPLITS]
            cells += [self._cell(row, AUDIT, None)] if audited else []
            gap = [Text(Scale.GAP.text(gap_of(row.scores.get("validation"))))] if relative else []
            table.add_row(self._text(row.name), *kind, *cells, *gap)
        self._console.print(table)
        self._say("* lowest of its column; lower is better")
        self._say("")

    def _cell(self, row: _Row, split: str, lowest: float | None) -> Text:
        if split not in row.scores:
            return Text("-" + " " * len(_MARK))
        objective = row.objective(split)
        if objective is None:
            return Text(row.scores[split].status.value + " " * len(_MARK), style="red")
        if objective == lowest:
            return Text(self._scale.text(objective) + _MARK, style="bold green")
        return Text(self._scale.text(objective) + " " * len(_MARK))

    def _commands(self) -> Iterator[str]:
        run = self._stopped.run
        if self._succeeded and self._delivered is not None:
            best = self._delivered.id
            yield f"show {best}"
            yield f"best {run.name}"
            yield f"evaluate {best} --split test"
            yield f"export {best} -o heuristic.py"
        if self._stopped.totals.failures:
            yield f"failures {run.name}"
        if self._stopped.spending is not None:
            yield f"spend {run.name}"
        if run.status != "finished":
            yield f"resume {run.name}"
        elif not self._succeeded:
            budget = Budget.model_validate(dict(run.config.get("budget", {})))
            yield f"resume {run.name} --set {budget.extended(self._stopped.totals)}"

    def _text(self, words: str, style: str = "") -> Text:
        return Text(one_line(words, self._console.encoding, width=1000), style=style)

    def _say(self, words: str, style: str = "") -> None:
        text = self._text(words, style)
        if words.startswith("  "):
            text = Text("  ").append(text)
        self._console.print(text, soft_wrap=not self._console.is_terminal)


def _rows(stopped: RunStopped) -> Iterable[_Row]:
    own = stopped.classes.own
    simplified = [] if stopped.simplified is None else [stopped.simplified]
    for record in [*simplified, *stopped.best]:
        if record.candidate.objective is not None:
            yield _Row(
                name=f"{record.id} ({breeding(record.candidate)})",
                kind="discovered",
                scores=dict(record.evaluations),
                rule_class=own,
            )
    yield _Row(name=stopped.baseline.id, kind="problem's own", scores=dict(stopped.baseline.evaluations), rule_class=own)
    names = dict.fromkeys(name for split in _SPLITS for name in stopped.textbook_rules.get(split, {}))
    for name in names:
        scores = {
            split: stopped.textbook_rules[split][name] for split in _SPLITS if name in stopped.textbook_rules.get(split, {})
        }
        yield _Row(name=name, kind="textbook", scores=scores, rule_class=stopped.classes.of(name))


def _last_if_none(objective: float | None) -> tuple[bool, float]:
    return objective is None, objective if objective is not None else 0.0
