"""The page of a run, which follows it while it goes on."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evoheur import ArchiveError, ArchiveReader, ConfigError, RunRecord
from evoheur.charts.run_overview import RunState, method_of, run_state
from evoheur.observers.number_text import spent
from evoheur.ui.rendering import access_of, fragment, page, plain_data
from evoheur.ui.run_snapshot import RunSnapshot, logged, plain_curve, plain_points

__all__ = ["routes"]


def _run(request: Request) -> Response:
    with access_of(request).reading() as archive:
        run = archive.run(request.path_params["run"])
    return page(request, "run.html", run=run.name, tab="run", record=run, method=method_of(run))


def _data(request: Request) -> Response:
    """What came since the page last asked.

    The query says up to where in the log it has everything (`told`), how many points it has (`points`), and how the run stood (`state`).
    """
    access = access_of(request)
    told, known = _number(request, "told"), _number(request, "points")
    with access.reading() as archive:
        snapshot = access.courses.snapshot(archive, request.path_params["run"])
        state = _state(archive, snapshot.run)
    parts = {"head": fragment("run_head.html", snapshot=snapshot, state=state, spent=spent(snapshot.totals))}
    if snapshot.sequence != told or request.query_params.get("state") != state:
        parts.update(_tables(snapshot))
    if snapshot.sequence == told:
        return plain_data({"told": told, "state": state, "parts": parts})
    return plain_data(
        {
            "told": snapshot.sequence,
            "state": state,
            "scale": snapshot.scale.value,
            "parts": parts,
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


def _state(archive: ArchiveReader, run: RunRecord) -> RunState:
    pulse = next((pulse for pulse in archive.pulses() if pulse.run.id == run.id), None)
    if pulse is None:
        raise ArchiveError(f"There is no run {run.name!r} any more; it was deleted a moment ago.")
    return run_state(pulse, datetime.now(UTC))


def _number(request: Request, key: str) -> int:
    given = request.query_params.get(key, "0")
    if not (given.isascii() and given.isdecimal() and len(given) < 12):
        raise ConfigError(f"{key} is {given[:40]!r}; it must be a whole number from 0.")
    return int(given)


routes = [Route("/run/{run}", _run), Route("/data/run/{run}", _data)]
