"""The page with the table of runs, and what can be done to runs there."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from evoheur import ConfigError
from evoheur.api.archives import RunPulse
from evoheur.api.run_filing import annotate_run, delete_run, tag_run
from evoheur.api.stopping import ask_to_stop
from evoheur.charts.run_overview import RUN_STATES, run_state
from evoheur.ui.rendering import access_of, address, form_fields, fragment, in_thread, page, plain_data
from evoheur.ui.run_table import SORTS, RunTable, TableQuery, run_table

__all__ = ["routes"]


def _runs(request: Request) -> Response:
    table, stamp = _table(request)
    return page(request, "runs.html", table=table, stamp=stamp, sorts=SORTS, states=RUN_STATES)


def _data(request: Request) -> Response:
    """The table as HTML, if anything in it has changed since the stamp that the page has."""
    known = request.query_params.get("stamp", "")
    with access_of(request).reading() as archive:
        if _stamp(archive.pulses(), datetime.now(UTC)) == known:
            return plain_data({"stamp": known})
    table, stamp = _table(request)
    return plain_data({"stamp": stamp, "html": fragment("runs_table.html", table=table, sorts=SORTS)})


def _table(request: Request) -> tuple[RunTable, str]:
    query = TableQuery.of(request.query_params)
    overviews = access_of(request).overviews
    now = datetime.now(UTC)
    with access_of(request).reading() as archive:
        pulses = archive.pulses()
        return run_table(pulses, query, lambda pulse: overviews.overview(archive, pulse), now), _stamp(pulses, now)


def _stamp(pulses: Sequence[RunPulse], now: datetime) -> str:
    """What changes with everything that the table may show."""
    words = repr([(each.run.name, each.run.note, each.run.tags, run_state(each, now), each.asked, each.told) for each in pulses])
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:24]


def _ask_whether_to_delete(request: Request) -> Response:
    """Nothing is deleted by following a link: this page asks first."""
    names = request.query_params.getlist("run")
    with access_of(request).reading() as archive:
        chosen = [(run, archive.totals(run.id)) for run in map(archive.run, names)]
    return page(request, "delete.html", chosen=chosen)


async def _delete(request: Request) -> Response:
    fields = await form_fields(request)
    names = fields.get("run", [])
    if fields.get("sure") != ["yes"] or not names:
        raise ConfigError("Nothing was deleted, since the question whether to was not answered; choose runs, and answer it.")
    with access_of(request).reading() as archive:
        for name in names:
            archive.run(name)  # all are there, or none is deleted
    for name in names:
        await in_thread(delete_run, name, archive=access_of(request).url)
    return _back()


async def _stop(request: Request) -> Response:
    fields = await form_fields(request)
    for name in _chosen(fields.get("run", [])):
        await in_thread(ask_to_stop, name, archive=access_of(request).url)
    return _back(*fields.get("back", []))


async def _tag(request: Request) -> Response:
    fields = await form_fields(request)
    names = _chosen(fields.get("run", []))
    words = " ".join(fields.get("tags", [])).split()
    if not words:
        raise ConfigError("No tag was named; write one or more words into the field.")
    add, remove = ((), words) if fields.get("do") == ["remove"] else (words, ())
    for name in names:
        await in_thread(tag_run, name, add, remove=remove, archive=access_of(request).url)
    return _back(*fields.get("back", []))


async def _note(request: Request) -> Response:
    fields = await form_fields(request)
    [name] = _chosen(fields.get("run", []))[:1]
    note = "\n".join(fields.get("note", [])).replace("\r\n", "\n").strip()
    await in_thread(annotate_run, name, note, archive=access_of(request).url)
    return _back(name)


def _chosen(names: list[str]) -> list[str]:
    if not names:
        raise ConfigError("No run was chosen; mark one or more in the table.")
    return names


def _back(*run: str) -> Response:
    return RedirectResponse(address("run", *run) if run else "/", 303)


routes = [
    Route("/", _runs),
    Route("/data/runs", _data),
    Route("/delete", _ask_whether_to_delete, methods=["GET"]),
    Route("/delete", _delete, methods=["POST"]),
    Route("/stop", _stop, methods=["POST"]),
    Route("/tag", _tag, methods=["POST"]),
    Route("/note", _note, methods=["POST"]),
]
