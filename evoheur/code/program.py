"""Programs: sources parsed once, and what their text says.

All of it is found out at most once and remembered.
"""

import ast
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from evoheur.code.measures import measures_of
from evoheur.code.normal_form import hash_of
from evoheur.code.slicing import Part, parts_of
from evoheur.code.syntax import REFUSALS, SourceFault, compiles, copied, excess, fault_of, parse, walked

__all__ = [
    "Program",
    "ProgramCache",
    "ProgramFacts",
    "code_hash",
    "examine",
    "measures",
    "note_facts",
    "parse_count",
    "read_program",
]

_KEPT_CHARACTERS = 500_000
"""Of sources that are remembered: some 500 of usual length, or 50 MB of trees at worst."""
_NOTED = 2048
"""Sources of which facts are remembered: twice as many as can be under way, some 4 MB with their texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFacts:
    """What a run asks about a source that parses, found out by another process.

    It is small, since the tree stays there.

    Attributes:
        hash: As `Program.hash`.
        reduced_hash: As `evoheur.simplification.reduced_form.reduced_hash`.
        imports: As `Program.imports`.
        measures: As `Program.measures`.
    """

    hash: str
    reduced_hash: str
    imports: tuple[tuple[int, str], ...]
    measures: Mapping[str, float]


class Program:
    """A source that parses.

    One object serves all who ask about the same text, so nobody may change what it hands out.

    Attributes:
        facts: What another process found out about it, if one did.

    Args:
        text: The source.
        tree: What it parses to; None to parse it once that is needed.
        facts: As the attribute.
        parser: Makes the tree then.
    """

    def __init__(
        self,
        text: str,
        tree: ast.Module | None = None,
        *,
        facts: ProgramFacts | None = None,
        parser: Callable[[str], ast.Module] = parse,
    ) -> None:
        self.text = text
        self.facts = facts
        self._parser = parser
        if tree is not None:
            self.tree = tree
        if facts is not None:
            self.hash, self.imports, self.measures = facts.hash, facts.imports, MappingProxyType(dict(facts.measures))

    @cached_property
    def tree(self) -> ast.Module:
        """What it parses to."""
        return self._parser(self.text)

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
        self._noted: OrderedDict[str, ProgramFacts] = OrderedDict()
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
        text = _trimmed(code)
        with self._lock:
            if (known := self._kept.get(text)) is not None:
                self._kept.move_to_end(text)
                return known
            facts = self._noted.get(text)
        tree = self._parsed(code) if facts is None else None  # of the text as it was given, since a fault names a line of it
        program = Program(text, tree, facts=facts, parser=self._parsed)
        self._keep(program)
        return program

    def note(self, code: str, facts: ProgramFacts) -> None:
        """Take note of what another process found out about a source, so that it is not parsed for that."""
        text = _trimmed(code)
        with self._lock:
            self._noted[text] = facts
            self._noted.move_to_end(text)
            if len(self._noted) > _NOTED:
                self._noted.popitem(last=False)

    def _parsed(self, code: str) -> ast.Module:
        with self._lock:
            self._parses += 1
        return parse(code)

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


def _trimmed(code: str) -> str:
    trimmed = code.rstrip("\n")
    return code if trimmed.endswith("\\") else trimmed  # a backslash joins the line with the next one, which may be empty


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


def note_facts(code: str, facts: ProgramFacts) -> None:
    """Take note of what another process found out about a source that parses."""
    _CACHE.note(code, facts)


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
