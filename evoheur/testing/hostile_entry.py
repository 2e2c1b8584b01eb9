"""An entry that runs source text, for sandbox tests.

The payload of a candidate is source text that defines `answer(question)`. Runs inside the guest, so it imports next to nothing.
"""

import importlib
import linecache
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["FILE_NAME", "open_candidate", "setup", "threads"]

FILE_NAME = "candidate"
"""The file name that tracebacks show for a candidate's own lines."""


_allowed: list[int] = []


def setup(payload: Mapping[str, Any]) -> None:
    """Import the modules named in payload["imports"], if any.

    Children then find them warm. They may start payload["threads"] threads.
    """
    _allowed.append(payload.get("threads", 0))
    for name in payload.get("imports", []):
        importlib.import_module(name)


def threads() -> int:
    """How many threads a child may start."""
    return _allowed[-1]


def open_candidate(payload: str) -> Callable[[Any], Any]:
    """Execute the source and return its `answer`."""
    namespace: dict[str, Any] = {"__name__": FILE_NAME}
    linecache.cache[FILE_NAME] = (len(payload), None, payload.splitlines(keepends=True), FILE_NAME)
    exec(compile(payload, FILE_NAME, "exec"), namespace)  # noqa: S102 - this is what the sandbox is for
    answer: Callable[[Any], Any] = namespace["answer"]
    return answer
