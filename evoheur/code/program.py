"""Programs: sources parsed once, and what their text says.

All of it is found out at most once and remembered.
"""

import ast
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from evoheur.code.measures import measures_of
from evoheur.code.normal_form import hash_of
from evoheur.code.slicing import Part, parts_of
from evoheur.code.syntax import REFUSALS, SourceFault, compiles, copied, excess, fault_of, parse, walked

__all__ = ["Program", "ProgramCache", "code_hash", "examine", "measures", "parse_count", "read_program"]

_KEPT_CHARACTERS = 500_000
"""Of sources that are remembered: some 500 of usual length, or 50 MB of trees at worst."""


class Program:
    """A source that parses.

    One object serves all who ask about the same text, so nobody may change what it hands out.

    Args:
        text: The source.
        tree: What it parses to.
    """

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree

    def editable_tree(self) -> ast.Module:
        """A tree of one's own, to be changed at will."""
        return copied(self.tree)

    @cached_property
    def excess(self) -> SourceFault | None:
        """What makes its tree unsafe to walk by recursion or write.

        None if nothing does.
        """
        return excess(self.tree)

    @cached_property
    def fault(self) -> SourceFault | None:
        """Why it cannot be used although it parses.

        It is excess, or what the compiler says; None if it can be used.
        """
        return self.excess or compiles(self.text)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Its top-level statements, with what each defines and needs."""
        return tuple(parts_of(self.text, self.tree))

    @cached_property
    def imports(self) -> tuple[tuple[int, str], ...]:
        """Line and top-level module of every import anywhere in it.

        An import from `.` has no name.
        """
        return tuple(
            (node.lineno, name)
            for node in walked(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in _imported(node)
        )

    @cached_property
    def hash(self) -> str:
        """Hash of its normal form.

        32 hexadecimal digits, equal for copies that differ in names, comments or layout only.
        """
        return hash_of(self.tree)

    @cached_property
    def measures(self) -> Mapping[str, float]:
        """Lines, nodes, branches, loops, calls and constants in it."""
        return MappingProxyType(measures_of(self.text, self.tree))


def _imported(node: ast.Import | ast.ImportFrom) -> Sequence[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [(node.module or "").partition(".")[0]]


class ProgramCache:
    """Remembers the programs that were asked for last.

    Args:
        characters: How long the remembered sources may be in all; one that is longer than a tenth of it is not remembered.
    """

    def __init__(self, characters: int) -> None:
        self._characters = characters
        self._kept: OrderedDict[str, Program] = OrderedDict()
        self._used = 0
        self._parses = 0
        self._lock = threading.Lock()  # evaluators run in threads

    @property
    def parses(self) -> int:
        """How many texts were parsed so far, those that are no Python among them."""
        return self._parses

    def read(self, code: str) -> Program:
        """The program of a text.

        Line ends at the end of the text make no other program.

        Raises:
            SyntaxError: It does not parse; or another of `REFUSALS`.
        """
        trimmed = code.rstrip("\n")
        text = code if trimmed.endswith("\\") else trimmed  # a backslash joins the line with the next one, which may be empty
        with self._lock:
            if (known := self._kept.get(text)) is not None:
                self._kept.move_to_end(text)
                return known
            self._parses += 1
        program = Program(text, parse(code))  # as it was given, since a fault names a line of it
        self._keep(program)
        return program

    def _keep(self, program: Program) -> None:
        if len(program.text) * 10 > self._characters:
            return
        with self._lock:
            if program.text not in self._kept:
                self._kept[program.text] = program
                self._used += len(program.text)
            while self._used > self._characters:
                text, _ = self._kept.popitem(last=False)
                self._used -= len(text)


_CACHE = ProgramCache(_KEPT_CHARACTERS)


def read_program(code: str) -> Program:
    """The program of a source that parses.

    Raises:
        SyntaxError: It does not parse; or another of `REFUSALS`.
    """
    return _CACHE.read(code)


def examine(code: str) -> Program | SourceFault:
    """Parse untrusted text into a program, or say what forbids it.

    The tree of a program is safe to walk by recursion and to write out again.
    """
    try:
        program = _CACHE.read(code)
    except REFUSALS as error:
        return fault_of(error, code)
    return program.excess or program


def parse_count() -> int:
    """How many texts this process has parsed so far.

    What was remembered was not parsed again.
    """
    return _CACHE.parses


def code_hash(code: str) -> str:
    """Hash of the normal form of a source that parses; see `Program.hash`."""
    return read_program(code).hash


def measures(code: str) -> dict[str, float]:
    """Numbers that describe a source that parses; see `Program.measures`."""
    return dict(read_program(code).measures)
