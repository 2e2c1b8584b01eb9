"""What a run's strategy holds: its population, and the tree, islands, grid or shares that its method has.

An archive stores what was asked and told, and not what the strategy made of it. So the log is replayed to a fresh strategy, as when a run
is resumed: no model is asked and nothing is evaluated. That takes seconds for tens of thousands of requests.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from evoheur.archive.extent import FOR_REPLAY
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import Asked, Told
from evoheur.errors import ReplayDiverged
from evoheur.run.config import change_config
from evoheur.run.fresh_strategy import fresh_strategy
from evoheur.run.listeners import OutcomeListener
from evoheur.run.recorded_run import is_imported
from evoheur.run.replay import replay
from evoheur.run.step import StepListeners
from evoheur.strategies.evolved_prompt import EvolvedPrompt
from evoheur.strategies.strategy import Strategy
from evoheur.strategies.structure import ElitesInGrid, PortfolioShares, SearchIslands, SearchTree, Structure

__all__ = [
    "ElitesInGrid",
    "PortfolioShares",
    "ReplayStopped",
    "SearchIslands",
    "SearchStructure",
    "SearchTree",
    "ShareMoment",
    "Structure",
    "search_structure",
]

MOMENTS = 60
"""So many moments of a run are kept of what changes over time."""


class ReplayStopped(Exception):
    """Nobody waits for the structure any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareMoment:
    """How a portfolio's requests were shared up to a moment.

    Attributes:
        requests: That the portfolio had made by then.
        asked: Of them those of each member, in their order.
        earned: What a request of each earned lately, on average, from 0 to 1.
    """

    requests: int
    asked: tuple[int, ...]
    earned: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchStructure:
    """What a strategy holds after all that a run has asked and told.

    Attributes:
        run: Name of the run.
        strategy: Its kind.
        requests: So many were told of by then.
        members: Numbers of the candidates that it breeds from.
        elites: Numbers of those that it holds to be best, best first.
        structure: As the strategy shows it; None where its method has a population only.
        shares: Of a portfolio, over the run, the latest moment last; else none.
        prompts: The instructions that evolved, with their credit, the original first; none where prompts do not evolve.
    """

    run: str
    strategy: str
    requests: int
    members: tuple[int, ...]
    elites: tuple[int, ...]
    structure: Structure | None
    shares: tuple[ShareMoment, ...]
    prompts: tuple[EvolvedPrompt, ...] = ()


def search_structure(
    archive: ArchiveReader, run_name: str, *, moments: int = MOMENTS, wanted: Callable[[], bool] = lambda: True
) -> SearchStructure:
    """Replay a run, which may be going on, and read off what its strategy holds.

    Args:
        archive: Has the run.
        run_name: Its name.
        moments: So many at most are kept of what changes over time.
        wanted: Is asked now and then whether to go on.

    Raises:
        ArchiveError: There is no such run.
        ConfigError: Its strategy is not installed here, or its settings are of another version.
        ReplayDiverged: The strategy does not do today what it did then, or the run came from a file without its outcomes.
        ReplayStopped: It is not wanted any more.
    """
    run = archive.run(run_name)
    if is_imported(run):
        raise ReplayDiverged(f"Run {run_name!r} is a recording from a file; what became of its requests is not in this archive.")
    config = change_config(dict(run.config), (), where=f"run {run_name!r}", notify=lambda _notice: None)
    baseline = archive.baseline(run.id)
    kind = config.strategy.kind
    if baseline is None:
        return SearchStructure(run=run_name, strategy=kind, requests=0, members=(), elites=(), structure=None, shares=())
    strategy = fresh_strategy(config, baseline)
    every = max(1, 2 * archive.totals(run.id).requests // moments)
    watch = _Watch(strategy, every, wanted)
    with closing(archive.entries(run.id, FOR_REPLAY)) as log:
        replay(watch.seen(log), strategy.ask, StepListeners([OutcomeListener(strategy.tell)]))
    return SearchStructure(
        run=run_name,
        strategy=kind,
        requests=watch.told,
        members=tuple(member.id for member in strategy.members()),
        elites=tuple(elite.id for elite in strategy.elites()),
        structure=strategy.structure(),
        shares=watch.shares(),
        prompts=strategy.evolved_prompts(),
    )


class _Watch:
    """Looks at a strategy between the entries of a log.

    Args:
        strategy: To which the log is played.
        every: After how many entries.
        wanted: Whether to go on.
    """

    def __init__(self, strategy: Strategy, every: int, wanted: Callable[[], bool]) -> None:
        self.told = 0
        self._strategy = strategy
        self._every = every
        self._wanted = wanted
        self._shares: list[ShareMoment] = []
        self._is_shared = isinstance(strategy.structure(), PortfolioShares)  # a large tree is not to be read off again and again

    def seen(self, log: Iterator[Asked | Told]) -> Iterator[Asked | Told]:
        """The entries as they come; what is told before one is known to the strategy when the next is wanted."""
        for number, entry in enumerate(log):
            if number % self._every == 0:
                self._look()
            self.told += isinstance(entry, Told)
            yield entry

    def shares(self) -> tuple[ShareMoment, ...]:
        """The moments, the present one last."""
        self._look()
        return tuple({moment.requests: moment for moment in self._shares}.values())

    def _look(self) -> None:
        if not self._wanted():
            raise ReplayStopped
        held = self._strategy.structure() if self._is_shared else None
        if isinstance(held, PortfolioShares):
            asked = tuple(member.asked for member in held.members)
            earned = tuple(member.earned for member in held.members)
            self._shares.append(ShareMoment(requests=sum(asked), asked=asked, earned=earned))
