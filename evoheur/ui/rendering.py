"""Rendering of pages and data, with everything that a model or a user wrote escaped."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from evoheur import ConfigError
from evoheur.api.archives import shown
from evoheur.documents.document_model import JsonDocument, plain_json
from evoheur.observers.number_text import count, duration, money, one_line, printable
from evoheur.ui.archive_access import ArchiveAccess

__all__ = ["access_of", "address", "form_fields", "fragment", "in_thread", "page", "plain_data"]

_FOLDER = Path(__file__).parent / "templates"
_FORM_BYTES = 64 * 1024
_HALF = "replace"  # of a character, as a reply may hold that was cut in two, is "?" on a page: UTF-8 has nothing for it

in_thread = run_in_threadpool
"""Calls a function that reads or writes the archive, from a coroutine."""


def address(*parts: str, **query: object) -> str:
    """The address of a page, with its parts and its query quoted.

    Example:
        >>> address("run", "quickstart-1", by="calls")
        '/run/quickstart-1?by=calls'
    """
    words = urlencode({key: value for key, value in query.items() if value not in {None, ""}})
    return "/" + "/".join(quote(part, safe="") for part in parts) + (f"?{words}" if words else "")


def _rate(value: float) -> str:
    """A rate in three figures, or whole: "0.0512", "7.2", "2,547"."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.globals.update(address=address)
    found.filters.update(count=count, duration=duration, money=money, one_line=one_line, printable=printable, rate=_rate)
    return found


_TEMPLATES = _environment()


def access_of(request: Request) -> ArchiveAccess:
    """Access to the archive that this view shows."""
    found: ArchiveAccess = request.app.state.access
    return found


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page, made from a template that extends layout.html.

    Args:
        request: What asked for it.
        template: Name of the file in the folder of templates.
        status: HTTP status.
        context: What the template shows. A page of a run names it as `run`, and its key in `RUN_TABS` as `tab`.
    """
    known = {"archive": shown(access_of(request).url), "run": None, "tab": None, "run_tabs": request.app.state.run_tabs}
    return HTMLResponse(_TEMPLATES.get_template(template).render({**known, **context}).encode("utf-8", _HALF), status)


def fragment(template: str, **context: Any) -> str:
    """A part of a page, for a script that puts it in the place of the former.

    It is escaped as the whole page is.

    Args:
        template: Name of the file in the folder of templates.
        context: What the template shows.
    """
    return _TEMPLATES.get_template(template).render(context)


def plain_data(data: JsonDocument | Sequence[JsonDocument] | Mapping[str, Any]) -> Response:
    """Documents, or plain JSON values, as the answer to a script."""
    if isinstance(data, JsonDocument):
        return _AnyTextResponse(plain_json(data))
    if isinstance(data, Mapping):
        return _AnyTextResponse(data)
    return _AnyTextResponse([plain_json(document) for document in data])


class _AnyTextResponse(JSONResponse):
    """JSON of whatever a model wrote, which may hold half a character."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", _HALF)


async def form_fields(request: Request) -> dict[str, list[str]]:
    """The fields of a form that was sent, each with its values.

    Raises:
        ConfigError: It is too long to be one of ours, or is none.
    """
    body = b""
    async for portion in request.stream():
        body += portion
        if len(body) > _FORM_BYTES:
            raise ConfigError(f"This form has more than {_FORM_BYTES:,} bytes; send less at once.")
    try:
        return parse_qs(body.decode(), keep_blank_values=True, strict_parsing=bool(body))
    except ValueError as error:
        raise ConfigError(f"What was sent is no form: {error}.") from error
