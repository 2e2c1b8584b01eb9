"""What a stored run spent, and what it got for it."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from evoheur.archive.extent import MEASURES
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import Asked, RunRecord, Told
from evoheur.generation.repricing import repriced
from evoheur.request import Completion
from evoheur.run.config import parse_config
from evoheur.run.run_spending import QualityLevel, RunSpending, SpendingShare, spending_of

__all__ = ["QualityLevel", "RunSpending", "SpendingShare", "spent_by_run"]


def spent_by_run(archive: ArchiveReader, run: RunRecord, *, present_prices: bool = False) -> RunSpending:
    """Add up what a run spent and got, by operator, model and level of quality.

    Args:
        archive: Has the run.
        run: The run.
        present_prices: Whether the stored tokens are priced again, by the run's configuration and the installed table of prices; else
            with the prices that were stored with the replies.

    Raises:
        ConfigError: The configuration of the run does not hold any more, so that nothing can be priced by it.
    """
    start = archive.baseline(run.id)
    log: Iterable[Asked | Told] = archive.log(run.id, MEASURES)
    if present_prices:
        generator = parse_config(dict(run.config), where=f"run {run.name!r}").generator
        log = _priced_again(log, lambda reply: repriced(reply, generator, os.environ))
    return spending_of(log, None if start is None else start.objective)


def _priced_again(log: Iterable[Asked | Told], price: Callable[[Completion], Completion]) -> Iterator[Asked | Told]:
    def again(asked: Asked) -> Asked:
        return (
            asked if asked.completion is None or not asked.kind.asks_model else replace(asked, completion=price(asked.completion))
        )

    for entry in log:
        yield replace(entry, asked=again(entry.asked)) if isinstance(entry, Told) else again(entry)
