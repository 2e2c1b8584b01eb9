"""The part of a draft's check that runs in the jail, beside the draft.

Its files come as text and become modules in the memory of a confined child, so nothing of them is a file that anybody could import by
mistake. What is answered is a draft's own word: it may claim to keep the contract, and is checked again once its author said yes.
"""

import importlib
import importlib.abc
import importlib.util
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from evoheur.drafting.draft_screen import DRAFT_MODULES
from evoheur.problem import Problem
from evoheur.problem_loading import only_problem_class
from evoheur.testing.problem_checks import CHECKS, ContractBroken, Subject

__all__ = ["PACKAGE", "TRIED_CHECKS", "open_candidate", "setup"]

PACKAGE = "drafted_problem"
"""Name of the package that a draft becomes."""

TRIED_CHECKS = tuple(check for check in CHECKS if not check.starts_processes)
"""The checks of the contract that a confined process can make, which may start no other."""


def setup(payload: Any) -> None:  # noqa: ARG001 - entries have this signature
    """Have everything in memory that a draft may import: it will not find a file."""
    for name in DRAFT_MODULES:
        importlib.import_module(name)


def open_candidate(payload: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
    """Make modules of a draft's files, and return what answers questions about it.

    The question {"check": number} is answered with what is wrong by that one of `TRIED_CHECKS`; an empty text if nothing is.

    Args:
        payload: {"files": name → source}.
    """
    sys.meta_path.insert(0, _Sources(payload["files"]))
    module = importlib.import_module(f"{PACKAGE}.problem")
    subject = _DraftedSubject(name="problem.py", kind=only_problem_class(module, "problem.py"))

    def answer(question: Mapping[str, Any]) -> str:
        try:
            TRIED_CHECKS[question["check"]].run(subject)
        except ContractBroken as broken:
            return str(broken)
        except Exception as error:  # noqa: BLE001 - the draft's own fault, whatever it is, is the answer
            return f"{type(error).__name__}: {error}{_where(error)}"
        return ""

    return answer


@dataclass(frozen=True, kw_only=True)
class _DraftedSubject(Subject):
    """A draft under examination, which no name finds."""

    kind: type[Problem[Any]]

    def problem(self) -> Problem[Any]:
        return self.kind()


class _Sources(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads the modules of a draft."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._sources = {f"{PACKAGE}.{name.removesuffix('.py')}": source for name, source in files.items()} | {PACKAGE: ""}

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the signature is Python's
        target: ModuleType | None = None,  # noqa: ARG002 - as above
    ) -> ModuleSpec | None:
        if fullname not in self._sources:
            return None
        spec = ModuleSpec(fullname, self, origin=f"{fullname.rpartition('.')[2]}.py", is_package=fullname == PACKAGE)
        spec.has_location = True
        return spec

    def get_source(self, fullname: str) -> str:
        return self._sources[fullname]

    def is_package(self, fullname: str) -> bool:
        return fullname == PACKAGE

    def get_code(self, fullname: str) -> Any:
        return compile(self._sources[fullname], f"{fullname.rpartition('.')[2]}.py", "exec", dont_inherit=True)


def _where(error: BaseException) -> str:
    """The last line of the draft that led to an error."""
    names = {f"{each}.py" for each in ("problem", "generate", "textbook_rules")}
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in names]
    return f" ({own[-1].filename}, line {own[-1].lineno}, in {own[-1].name})" if own else ""
