"""The application that answers a browser: its pages, its files, and what is shown where something fails."""

import importlib.util
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from evoheur import ArchiveError, ConfigError, EvoheurError
from evoheur.api.archives import check_archive
from evoheur.ui.access_guard import AccessGuard
from evoheur.ui.archive_access import ArchiveAccess
from evoheur.ui.pages import PAGES, RUN_TABS
from evoheur.ui.rendering import access_of, page

__all__ = ["view_application"]

_THREADS = 6  # that read the archive at once; more of them would only wait for one another
_FAULT = "This is a fault of evoheur; please report it with the traceback in the terminal of `evoheur ui`."


def view_application(archive: str, *, token: str, cookie: str) -> ASGIApp:
    """The view of an archive, as an ASGI application.

    Args:
        archive: URL of the archive, which need not be there yet.
        token: The secret that whoever looks has to show.
        cookie: Name of the cookie that stands for it.
    """
    access = ArchiveAccess(archive)
    routes = [
        *(route for each in PAGES for route in each.routes),
        Route("/plotly.min.js", _plotly),
        Mount("/static", _Assets(directory=Path(__file__).parent / "static")),
    ]
    handlers = {EvoheurError: _on_error, HTTPException: _on_refusal, Exception: _on_fault}
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=_lifespan_of(access))
    app.state.access = access
    app.state.run_tabs = RUN_TABS
    return AccessGuard(app, token=token, cookie=cookie)


def _lifespan_of(access: ArchiveAccess) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        yield
        access.work.close()
        access.close()

    return lifespan


class _Assets(StaticFiles):
    """Files that browsers may keep, if they ask whether they are still the same."""

    def file_response(self, *args: object, **known: object) -> Response:
        response: Response = super().file_response(*args, **known)  # type: ignore[arg-type]
        response.headers["cache-control"] = "no-cache"
        return response


def _plotly(_request: Request) -> Response:
    spec = importlib.util.find_spec("plotly")  # without importing it
    if spec is None or spec.origin is None:
        raise ConfigError("Charts need the package plotly; install it with: pip install 'evoheur[ui]'")
    script = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return FileResponse(script, media_type="text/javascript", headers={"cache-control": "max-age=86400"})


def _on_error(request: Request, error: Exception) -> Response:
    return _sentence(request, str(error), _status(request, error))


def _status(request: Request, error: Exception) -> int:
    if not isinstance(error, ArchiveError):
        return 400
    try:
        check_archive(access_of(request).url)
    except EvoheurError:
        return 503
    return 404  # the archive is there, and lacks what was asked for


def _on_refusal(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    words = "There is no such page." if status == 404 else str(getattr(error, "detail", error))
    return _sentence(request, words, status)


def _on_fault(request: Request, error: Exception) -> Response:
    return _sentence(request, f"{type(error).__name__}: {error}. {_FAULT}", 500)


def _sentence(request: Request, words: str, status: int) -> Response:
    if request.url.path.startswith("/data/"):
        return JSONResponse({"error": words}, status)
    # An archive that is made, upgraded or reached later is shown as soon as it is.
    return page(request, "sentence.html", status=status, sentence=words, again=status == 503)
