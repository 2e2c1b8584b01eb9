"""Resuming: feed the stored log to a fresh strategy, and compare what it asks with what it asked then."""

from collections.abc import Iterable

from evoheur.archive.records import Asked, Told
from evoheur.errors import ReplayDiverged
from evoheur.request import Request
from evoheur.run.learning import GeneratorLearning
from evoheur.run.tally import Tally
from evoheur.strategies.strategy import Strategy

__all__ = ["replay"]


def replay(
    log: Iterable[Asked | Told], strategy: Strategy, tally: Tally, learning: GeneratorLearning
) -> list[tuple[Asked, Request]]:
    """Bring a fresh strategy to where the run's own one was: same population, same random state, same queue.

    No model is called and nothing is evaluated.

    Args:
        log: Asks and tells of the run in their order.
        strategy: Built with the run's configuration, baseline and seed; changed in place.
        tally: Counts along; changed in place.
        learning: Tells the generator what it was told then.

    Returns:
        The requests without an outcome yet, oldest first, to be taken up from the furthest stored stage.

    Raises:
        ReplayDiverged: The strategy asks for something else than it did then.
    """
    pending: dict[int, tuple[Asked, Request]] = {}
    for step in log:
        if isinstance(step, Told):
            _, request = pending.pop(step.asked.id)
            strategy.tell(request, step.outcome)
            learning.told(step.asked, request, step.outcome)
            tally.told(step.outcome, step.asked.operator)
            continue
        again = strategy.ask()
        if again is None or again.fingerprint() != step.fingerprint:
            found = "nothing" if again is None else f"{again.operator!r} ({again.fingerprint()})"
            raise ReplayDiverged(
                f"Request {step.number} of the log is {step.operator!r} ({step.fingerprint}), but the strategy now asks for {found}: "
                "its code, its configuration or the seed changed since. Start a new run, or go back to the version that made this one."
            )
        pending[step.id] = (step, again)
        tally.asked(step.operator)
        learning.replied(step)
        if step.completion is not None:
            tally.completed(step.completion, step.operator)
    return list(pending.values())
