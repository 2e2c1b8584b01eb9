"""Replay: feeding a stored log to a fresh strategy.

What it asks is compared with what it asked then.
"""

from collections.abc import Callable, Iterable

from evoheur.archive.records import Asked, Told
from evoheur.errors import ReplayDiverged
from evoheur.request import Request, RequestKind
from evoheur.run.step import Step, StepListeners

__all__ = ["replay"]


def replay(log: Iterable[Asked | Told], ask: Callable[[], Request | None], listeners: StepListeners) -> list[Step]:
    """Bring the fresh parts of a run to their former state.

    Same population, same random state, same queue, same counts. No model is called and nothing is evaluated. Of what was simplified the
    strategy never knew; only who counts requests hears of it.

    Args:
        log: Asks and tells of the run in their order.
        ask: Of the strategy, built with the run's configuration, baseline and seed.
        listeners: The strategy among them; only those that hear the log are told.

    Returns:
        The steps without an outcome yet, oldest first, to be taken up from the furthest stored stage.

    Raises:
        ReplayDiverged: The strategy asks for something else than it did then.
    """
    remembering = listeners.of_log
    pending: dict[int, Step] = {}
    for entry in log:
        if (entry.asked if isinstance(entry, Told) else entry).kind is RequestKind.SIMPLIFICATION:
            if isinstance(entry, Asked):
                simplified = Step(request=Request.simplification(epoch=entry.epoch))
                simplified.asked = entry
                remembering.asked(simplified)
            continue
        if isinstance(entry, Told):
            step = pending.pop(entry.asked.id)
            step.outcome, step.told = entry.outcome, entry
            remembering.told(step)
            continue
        again = ask()
        if again is None or again.fingerprint() != entry.fingerprint:
            found = "nothing" if again is None else f"{again.operator!r} ({again.fingerprint()})"
            raise ReplayDiverged(
                f"Request {entry.number} of the log is {entry.operator!r} ({entry.fingerprint}), but the strategy now asks for {found}: "
                "its code, its configuration or the seed changed since. Start a new run, or go back to the version that made this one."
            )
        step = pending[entry.id] = Step(request=again, messages=entry.messages, completion=entry.completion)
        step.asked = entry
        remembering.asked(step)
        if step.completion is not None:
            remembering.replied(step)
    return list(pending.values())
