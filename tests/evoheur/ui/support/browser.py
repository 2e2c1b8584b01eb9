"""A headless Chromium of the system, which notes what a page complains of and where it asks."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

__all__ = ["Onlooker", "chromium", "looking", "system_chromium"]

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_INSIDE = {"data", "blob", "about"}
_OPTIONS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def system_chromium() -> str:
    """Path of the system's Chromium; the test is skipped where there is none."""
    found = next((path for path in map(shutil.which, _NAMES) if path is not None), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine; on Debian: apt-get install chromium")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    path = system_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Onlooker:
    """One page in the browser, with what went wrong in it.

    Attributes:
        page: Playwright's.
        complaints: Errors and warnings in the console, faults of scripts, answers of status 400 and above.
        elsewhere: Addresses beyond this machine that were asked for.
        expected: Words that complaints may hold, where a test provokes them.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"fault of a script: {error}"))
        self.page.on("request", self._asked)

    def check(self) -> None:
        """Nothing was complained of that the test did not expect, and nothing asked of another machine."""
        assert self.elsewhere == []
        assert [words for words in self.complaints if not any(known in words for known in self.expected)] == []

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        found = urlsplit(request.url)
        if found.scheme not in _INSIDE and found.hostname not in {"127.0.0.1", "localhost"}:
            self.elsewhere.append(request.url)


@contextmanager
def looking(browser: Browser, entrance: str = "about:blank") -> Iterator[Onlooker]:
    """A page of a browser of its own, without cookies of others; it is checked at the end.

    Args:
        browser: As `chromium` gives it.
        entrance: Opened at first; the address that a view printed lets the page in.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        onlooker = Onlooker(context.new_page())
        onlooker.page.set_default_timeout(60_000)
        onlooker.listen()
        onlooker.page.goto(entrance)
        if "token=" in entrance:
            onlooker.page.wait_for_url(lambda address: "token=" not in address)
        yield onlooker
        onlooker.check()
    finally:
        context.close()
