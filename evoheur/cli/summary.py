"""The summary of a finished run, told again from the archive."""

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.candidate import Evaluation
from evoheur.cli.options import suggest
from evoheur.cli.output import make_console, say, working
from evoheur.evaluation.baselines import score_baselines
from evoheur.observers.summary import print_summary
from evoheur.problem import Split, load_problem
from evoheur.run.config import parse_config
from evoheur.run.events import RunStopped
from evoheur.run.instances import InstanceSource

__all__ = ["summarise"]

_SHOWN: tuple[Split, ...] = ("train", "validation")


def summarise(archive: Archive, run: RunRecord, *, command_options: str, quiet: bool = False) -> None:
    """Say that a run has nothing left to do, and print its summary.

    Args:
        archive: Holds the run.
        run: Finished.
        command_options: Added to each suggested command.
        quiet: Print nothing.
    """
    if quiet:
        return
    config = parse_config(run.config, where=f"run {run.name!r}")
    problem = load_problem(config.problem.name, config.problem.settings)
    with working("Scoring the textbook rules"):
        source = InstanceSource.of(problem, config.problem)
        rules: dict[str, dict[str, Evaluation]] = {split: score_baselines(problem, source.split(split)) for split in _SHOWN}
    console = make_console()
    totals = archive.totals(run.id)
    extended = suggest(f"resume {run.name} --set {config.budget.extended(totals)}", archive.url)
    say(console, f"Run {run.name} is finished ({run.reason}); to go on, extend its budget, such as {extended}.")
    stopped = RunStopped(
        run=run,
        totals=totals,
        best=archive.best(run.name, max(1, config.validation.top)),
        baseline=archive.candidate(run.name, 0),
        baselines=rules,
    )
    print_summary(console, stopped, command_options=command_options)
