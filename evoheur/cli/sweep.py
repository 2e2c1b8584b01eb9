"""`evoheur sweep`: every strategy with every seed, one run after another in one archive, and the comparison at the end."""

import shlex
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evoheur.archive import schema
from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.cli.compare import compared
from evoheur.cli.compare_tables import print_equal_budget
from evoheur.cli.options import ARCHIVE_VARIABLE, AsJson, archive_option_for
from evoheur.cli.output import make_console, notice, print_json, say, working
from evoheur.cli.run import has_nothing_to_do, prepared, stem_of
from evoheur.cli.session import carry_out
from evoheur.cli.sweep_plan import Plan, Planned, make_plan, refuse_changed
from evoheur.cli.sweep_progress import SayingProgress, closing_line
from evoheur.report.comparison_as_document import comparison_document
from evoheur.run.assemble import Parts, assemble, check_unchanged, create_run
from evoheur.run.config import load_config

__all__ = ["sweep"]

_INTERRUPTED = 130


def sweep(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="A YAML file, such as configs/quickstart.yaml.")],
    *,
    strategies: Annotated[
        str,
        typer.Option(
            "--strategies",
            metavar="KIND,…",
            help="Kinds of strategies, or NAME=FILE for the strategy that another configuration has.",
        ),
    ],
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Each strategy runs with the seeds 1 to this.")] = 5,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Override a setting of every run: a.b=value; may be repeated."),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the sweep; by default the file's.")] = None,
    archive: Annotated[
        str | None,
        typer.Option(
            "--archive", envvar=ARCHIVE_VARIABLE, metavar="URL", help="Database, in place of the file's.", show_envvar=True
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run several strategies with several seeds on one problem at one budget, and compare them.

    Runs are named SWEEP-STRATEGY-SEED. The same command again goes on: it skips what is finished, resumes what is not, and takes more
    seeds, more strategies or a larger budget. A strategy has the settings of CONFIG if it is of the kind there, else its defaults.
    """
    loaded = load_config(config, settings or (), notify=notice)
    plan = make_plan(loaded, strategies, seeds, name=name or loaded.name or stem_of(config), beside=config.parent)
    again = ["evoheur", "sweep", str(config), "--strategies", strategies, "--seeds", str(seeds), "--name", plan.name]
    again += [word for setting in settings or () for word in ("--set", setting)]
    again += [] if archive is None else shlex.split(archive_option_for(archive))
    sweeping = _Sweep(plan=plan, url=archive or loaded.archive, again=shlex.join(again), console=make_console(stderr=as_json))
    try:
        sweeping.run(as_json=as_json)
    except KeyboardInterrupt:
        sweeping.end_early()


@dataclass(kw_only=True)
class _Sweep:
    """One go at a sweep.

    Attributes:
        plan: What is to run.
        url: Address of the archive.
        again: The command that goes on.
        console: Takes a line for each run.
        interrupted: A signal was heard while a run was under way.
    """

    plan: Plan
    url: str
    again: str
    console: Console
    interrupted: bool = False

    def run(self, *, as_json: bool) -> None:
        with ExitStack() as stack:
            there = schema.check(self.url).found is not None
            opened = stack.enter_context(Archive.open(self.url)) if there else None
            with working("Preparing the problem"):
                checked = self._checked(opened)
            archive = opened or stack.enter_context(Archive.open(self.url, create=True))
            for number, planned in enumerate(self.plan.runs, start=1):
                self._carry(planned, checked[planned.strategy], archive, place=f"[{number}/{len(self.plan.runs)}]")
            by_strategy = sorted(self.plan.runs, key=lambda planned: list(checked).index(planned.strategy))
            found = compared(archive, [archive.run(planned.name) for planned in by_strategy])
        if as_json:
            print_json(comparison_document(found, sweep=self.plan.name))
        else:
            say(self.console)
            print_equal_budget(self.console, found)

    def _checked(self, archive: Archive | None) -> dict[str, Parts]:
        """Strategy → the parts of its first run, of which the problem's are the same for all.

        What is in the archive already must be what is planned; all this before anything is written or spent.
        """
        checked: dict[str, Parts] = {}
        for planned in self.plan.runs:
            if planned.strategy not in checked:
                parts = prepared(planned.config, self.url, archive)
                checked[planned.strategy] = _sharing(parts, next(iter(checked.values()), parts))
        for record in [] if archive is None else archive.runs():
            for planned in self.plan.runs:
                if planned.name == record.name:
                    parts = checked[planned.strategy]
                    refuse_changed(record, planned.config.model_copy(update={"problem": parts.config.problem}))
                    check_unchanged(parts, record)
        return checked

    def _carry(self, planned: Planned, like: Parts, archive: Archive, *, place: str) -> None:
        record = next((run for run in archive.runs() if run.name == planned.name), None)
        if record is not None and has_nothing_to_do(record, planned.config, archive):
            self._close(f"{place} {planned.name} was", record, archive)
            return
        parts = _sharing(prepared(planned.config, self.url, archive, resumed=None if record is None else record.name), like)
        record = record or create_run(parts, archive, name=planned.name)
        with archive.hold(record.name), working(f"{place} {record.name}") as saying:
            archive.update_config(record.id, parts.config.model_dump(mode="json"))
            parts.events.add(SayingProgress(saying))
            discovery = assemble(parts, archive, archive.run(record.name))
            code = carry_out(discovery, go_on=f"`{self.again}`", heard=self._hear)
        if code:
            raise typer.Exit(code)
        self._close(f"{place} {planned.name}", archive.run(record.name), archive)
        if self.interrupted:
            self.end_early()

    def _close(self, words: str, record: RunRecord, archive: Archive) -> None:
        say(self.console, f"{words} {closing_line(record, archive)}")

    def _hear(self) -> None:
        self.interrupted = True

    def end_early(self) -> None:
        """Say how to go on, and leave."""
        typer.echo(f"Interrupted; what is finished stays. Go on with `{self.again}`.", err=True)
        raise typer.Exit(_INTERRUPTED)


def _sharing(parts: Parts, other: Parts) -> Parts:
    """The same with the problem, instances and rules of another run, so that they are made and scored once."""
    return replace(parts, problem=other.problem, source=other.source, rules=other.rules)
