"""The requests whose prompts are golden files: a module per strategy, each with its `CASES`."""

import importlib
import pkgutil
from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request

__all__ = ["CASES"]

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {}
"""Name of the golden file, "strategy/operator" or "strategy/operator_variant" → problem and request."""

for _module in sorted(found.name for found in pkgutil.iter_modules(__path__) if found.name != "made_up"):
    CASES.update(importlib.import_module(f"{__name__}.{_module}").CASES)
