"""The page of a run, which follows it while it goes on."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evoheur import ArchiveError, ArchiveReader, ConfigError, RunRecord
from evoheur.api.archives import RunEvent, RunPulse
from evoheur.charts.run_overview import method_of, run_state
from evoheur.observers.number_text import spent
from evoheur.observers.outage_text import wait_sentences
from evoheur.ui.rendering import access_of, fragment, page, plain_data
from evoheur.ui.run_snapshot import RunSnapshot, logged, plain_curve, plain_points

__all__ = ["routes"]

_EVENTS = 200  # beside the outcomes; older ones are in `evoheur history`


def _run(request: Request) -> Response:
    with access_of(request).reading() as archive:
        run = archive.run(request.path_params["run"])
    return page(request, "run.html", run=run.name, tab="run", record=run, method=method_of(run))


def _data(request: Request) -> Response:
    """What came since the page last asked.

    The query says up to where in the log it has everything (`told`), how many points it has (`points`), which events (`events`), and how
    the run stood (`state`).
    """
    access = access_of(request)
    told, known = _number(request, "told"), _number(request, "points")
    with access.reading() as archive:
        snapshot = access.courses.snapshot(archive, request.path_params["run"])
        pulse = _pulse(archive, snapshot.run)
        events = archive.run_events(snapshot.run.id, most=_EVENTS)
    now = datetime.now(UTC)
    state, waits = run_state(pulse, now), wait_sentences(pulse.events, now)
    head = fragment("run_head.html", snapshot=snapshot, state=state, waits=waits, spent=spent(snapshot.totals))
    parts = {"head": head}
    news = _news(events, request.query_params.get("events", ""))
    if snapshot.sequence != told or request.query_params.get("state") != state:
        parts.update(_tables(snapshot))
    if snapshot.sequence == told:
        return plain_data({"told": told, "state": state, "parts": parts, **news})
    return plain_data(
        {
            "told": snapshot.sequence,
            "state": state,
            "scale": snapshot.scale.value,
            "parts": parts,
            **news,
            "curve": plain_curve(snapshot.curve),
            "points": plain_points(snapshot.points, known if told else 0),
            "log": fragment("run_log.html", moments=logged(snapshot.newest, told), run=snapshot.run.name, scale=snapshot.scale),
        }
    )


def _tables(snapshot: RunSnapshot) -> dict[str, str]:
    return {
        "best": fragment("run_best.html", snapshot=snapshot),
        "failures": fragment("run_failures.html", snapshot=snapshot),
        "earnings": fragment("run_earnings.html", snapshot=snapshot),
    }


def _news(events: Sequence[RunEvent], known: str) -> dict[str, str]:
    """The events beside the log as rows of a table, if they are others than the page has."""
    stamp = hashlib.sha256(repr([(event.id, event.text) for event in events]).encode("utf-8", "replace")).hexdigest()[:24]
    return {} if stamp == known else {"events": stamp, "eventRows": fragment("run_events.html", events=events)}


def _pulse(archive: ArchiveReader, run: RunRecord) -> RunPulse:
    pulse = next((pulse for pulse in archive.pulses() if pulse.run.id == run.id), None)
    if pulse is None:
        raise ArchiveError(f"There is no run {run.name!r} any more; it was deleted a moment ago.")
    return pulse


def _number(request: Request, key: str) -> int:
    given = request.query_params.get(key, "0")
    if not (given.isascii() and given.isdecimal() and len(given) < 12):
        raise ConfigError(f"{key} is {given[:40]!r}; it must be a whole number from 0.")
    return int(given)


routes = [Route("/run/{run}", _run), Route("/data/run/{run}", _data)]
