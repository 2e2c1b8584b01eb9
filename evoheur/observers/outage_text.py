"""Outages and waits, a sentence each, for displays."""

import time
from collections.abc import Iterable
from datetime import datetime

from evoheur.archive.records import RunEvent
from evoheur.archive.run_events import present_waits
from evoheur.generation.outage import OutageNews
from evoheur.observers.number_text import duration
from evoheur.run.event_keeping import heard_again

__all__ = ["outage_sentence", "wait_sentences"]


def outage_sentence(news: OutageNews, ago: float = 0.0) -> str:
    """What is known of an outage.

    Args:
        news: The latest of it.
        ago: Seconds since it came.
    """
    if news.next_try is None:
        return f"{news.endpoint} answers again, after {duration(news.seconds)}"
    since = time.strftime("%H:%M", time.localtime(news.since))
    doing = f"others answer for {news.endpoint}, which is down" if news.others_answer else f"paused: {news.endpoint} is down"
    renewed = "" if news.renewed_at is None else f", quota renewed at {time.strftime('%H:%M', time.localtime(news.renewed_at))}"
    left = news.next_try - ago
    trial = f"next try in {duration(left)}" if left > 0 else "trying"
    return f"{doing} since {since} ({news.reason}), {trial}{renewed}"


def wait_sentences(events: Iterable[RunEvent], now: datetime) -> list[str]:
    """What a run waits for at this moment, a sentence for each outage and wait.

    Args:
        events: Of its newest session, as its archive has them, oldest first.
        now: The time of day, aware.
    """
    heard = [heard_again(event, now.timestamp()) for event in present_waits(events, now)]
    return [
        outage_sentence(news) if isinstance(news, OutageNews) else f"waiting {news.seconds:.0f} s: {news.reason}"
        for news in heard
        if news is not None
    ]
