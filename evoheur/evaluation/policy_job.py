"""The part of a search policy's run that happens in the guest, beside untrusted code.

Imports the standard library only. What it returns is trusted by nobody.
"""

import linecache
import random
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

__all__ = ["open_candidate", "setup"]

_NAME = "policy"  # file name that tracebacks show


def setup(payload: Any) -> None:
    """Do nothing: a policy needs no more than what it is told."""


def open_candidate(payload: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
    """Execute a policy and return what answers for it.

    A question is {"programs": […], "progress": {…}, "seed": whole number}; the answer is what the policy returns.

    Args:
        payload: {"code": source, "name": the function to call}.

    Raises:
        TypeError: The source defines no such function.
    """
    code, name = payload["code"], payload["name"]
    module = ModuleType(_NAME)
    module.__file__ = _NAME
    sys.modules[_NAME] = module
    linecache.cache[_NAME] = (len(code), None, code.splitlines(keepends=True), _NAME)
    exec(compile(code, _NAME, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - this is what the sandbox is for
    choose = module.__dict__.get(name)
    if not callable(choose):
        raise TypeError(f"the policy defines no function {name}")

    def answer(question: Mapping[str, Any]) -> Any:
        random.seed(question["seed"])
        rng = random.Random(question["seed"])  # noqa: S311 - reproducible on purpose
        found = choose(question["programs"], question["progress"], rng)
        return _plain(found)

    return answer


def _plain(value: Any) -> Any:
    """Tuples as lists, so that JSON says what was meant; all else as it is."""
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value
