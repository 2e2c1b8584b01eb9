"""The view as its users start it, in a process of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

__all__ = ["RunningView", "running_view"]

_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class RunningView:
    """A view that answers.

    Attributes:
        entrance: The address it printed, with the token.
        process: Its process.
        seconds: Wall time from its start to the printed address.
    """

    entrance: str
    process: "subprocess.Popen[str]"
    seconds: float

    @property
    def base(self) -> str:
        """The address without the token, as "http://127.0.0.1:40123"."""
        found = urlsplit(self.entrance)
        return f"{found.scheme}://{found.netloc}"

    @property
    def port(self) -> int:
        return int(urlsplit(self.entrance).port or 0)

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.entrance).query)["token"][0]


@contextmanager
def running_view(*words: str, environment: Mapping[str, str] | None = None) -> Iterator[RunningView]:
    """`evoheur ui` with these words, ended by Ctrl-C afterwards; it must end with 0 and without a word of trouble."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "evoheur", "ui", *words],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield RunningView(_address(process), process, time.monotonic() - began)
        if process.poll() is None:  # the test has not ended it itself
            process.send_signal(2)
        _, errors = process.communicate(timeout=_SECONDS)
        assert (process.returncode, errors) == (0, ""), errors
    finally:
        process.kill()
        process.communicate()


def _address(process: "subprocess.Popen[str]") -> str:
    """The address that a view prints once it answers."""
    assert process.stdout is not None
    assert process.stderr is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if found := re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line):
            return found[0]
    process.kill()
    raise AssertionError(f"the view printed no address: {seen}{process.stderr.read()}")
