"""An outage in one sentence, for displays."""

import time

from evoheur.generation.outage import OutageNews
from evoheur.observers.number_text import duration

__all__ = ["outage_sentence"]


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
