"""An archive with a finished run, the view of it, and a browser to look with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.evoheur.ui.support.browser import Onlooker, chromium, looking
from tests.evoheur.ui.support.client import close_views
from tests.evoheur.ui.support.running_view import RunningView, running_view
from tests.evoheur.ui.support.watched_archive import discover_tiny


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory, scheduling: str) -> Path:
    """File of an archive with one finished run, "tiny"; not to be written to."""
    archive = tmp_path_factory.mktemp("watched") / "evoheur.db"
    discover_tiny(archive, scheduling, "tiny")
    return archive


@pytest.fixture(scope="session")
def view(watched: Path) -> Iterator[RunningView]:
    """The view of that archive, in a process of its own."""
    with running_view(f"sqlite:///{watched}") as found:
        yield found


def pytest_itemcollected(item: pytest.Item) -> None:
    """Have one worker run all tests in the browser, so that it is started once, and so is the view of the finished run."""
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium; tests that ask for it are skipped where there is none.

    For this folder only: until it is closed, Playwright's event loop counts as running in this thread, and other tests start their own.
    """
    with chromium() as found:
        yield found


@pytest.fixture
def onlooker(browser: Browser, view: RunningView) -> Iterator[Onlooker]:
    """A page that is let into the view; at the end it must have complained of nothing, and asked nothing beyond this machine."""
    with looking(browser, view.entrance) as found:
        yield found


@pytest.fixture(scope="module", autouse=True)
def _closed_views() -> Iterator[None]:
    """At the end of a module, views in this process let their archives go."""
    yield
    close_views()
