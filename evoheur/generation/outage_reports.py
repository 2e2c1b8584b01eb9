"""What is said of an outage, to observers and in the error that ends a run."""

import time

from evoheur.generation.circuit_breaker import Outage
from evoheur.generation.outage import OutageNews

__all__ = ["outage_news", "outage_words"]


def outage_news(outage: Outage, *, endpoint: str, now: float, next_at: float | None, others_answer: bool) -> OutageNews:
    """How it stands with an outage.

    Args:
        outage: As the breaker has it.
        endpoint: The model and where it is.
        now: The present, by the breaker's clock.
        next_at: When the next try is due, by that clock; None once something got through.
        others_answer: Whether other models of the run answer meanwhile.
    """
    present = time.time()
    return OutageNews(
        endpoint=endpoint,
        reason="" if next_at is None else f"{outage.fault.reason}: {outage.fault.message}",
        since=present - (now - outage.since),
        seconds=now - outage.since,
        next_try=None if next_at is None else max(0.0, next_at - now),
        renewed_at=None if outage.renewed_at is None else present + outage.renewed_at - now,
        others_answer=others_answer,
    )


def outage_words(outage: Outage, *, endpoint: str, now: float) -> str:
    """Why nothing is asked any more, and when it may be.

    Args:
        outage: As the breaker has it.
        endpoint: The model and where it is.
        now: The present, by the breaker's clock.
    """
    present = time.time()
    since = _time_of_day("%H:%M", present - (now - outage.since))
    when = "later"
    if outage.renewed_at is not None:
        when = f"from {_time_of_day('%Y-%m-%d %H:%M', present + outage.renewed_at - now)} on, when the quota is renewed"
    elif outage.fault.long_quota:
        when = "when the quota is renewed, often at midnight of the provider's time"
    return (
        f"{endpoint}: nothing got through since {since} ({outage.fault.message.rstrip('.')}). No request is lost by it: what got no reply "
        f"is asked again when the run is resumed, {when}. generator.outage_minutes says how long an outage is waited out (null for as long "
        "as it takes)."
    )


def _time_of_day(form: str, moment: float) -> str:
    return time.strftime(form, time.localtime(moment))
