"""A client of the view in this process, for what needs no browser."""

from starlette.applications import Starlette
from starlette.testclient import TestClient

from evoheur.ui.access_guard import AccessGuard
from evoheur.ui.view_application import view_application

__all__ = ["COOKIE", "TOKEN", "close_views", "stranger", "viewer"]

TOKEN = "a-token-that-nobody-guesses"
COOKIE = "evoheur-view-8000"
_BASE = "http://127.0.0.1:8000"
_OPEN: list[AccessGuard] = []  # kept, so that no connection to an archive is left to the garbage collector, which warns of it


def stranger(archive: str) -> TestClient:
    """One who does not have the token."""
    app = view_application(archive, token=TOKEN, cookie=COOKIE)
    assert isinstance(app, AccessGuard)
    _OPEN.append(app)
    return TestClient(app, base_url=_BASE, follow_redirects=False)


def viewer(archive: str) -> TestClient:
    """One who was let in, and whose forms come from the view's own pages."""
    client = stranger(archive)
    client.cookies.set(COOKIE, TOKEN)
    client.headers["origin"] = _BASE
    return client


def close_views() -> None:
    """Close the archives of all views, as their servers' ends would; a view that is asked again opens its archive anew."""
    while _OPEN:
        app = _OPEN.pop()._app
        assert isinstance(app, Starlette)
        app.state.access.close()
