"""Reading YAML as configurations use it.

Plain values, each with its line and column, and faults as mistakes instead of exceptions. A subset of YAML in the sense of its version
1.2: mappings whose keys are words, lists, strings, whole numbers, finite floats, true and false, null, anchors and merge keys. A date,
a number of base 60 and the like, which YAML 1.1 reads as something else than was written, are strings here, so that the setting they
are given to refuses them by what was written.
"""

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from evoheur.errors import ConfigError

__all__ = ["Document", "Mistake", "Path", "Place", "read_document", "read_value", "written"]

Path: TypeAlias = tuple[str | int, ...]
"""Keys and positions from the top of a document to a value."""

_DEEPEST = 50
_MOST_VALUES = 20_000  # with every alias written out
_LONGEST_NUMBER = 100  # digits
_SURROGATE = re.compile("[\ud800-\udfff]")

_PLAIN = "plain"  # tag of a scalar without quotes and without a tag of its own
_TAG = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?[0-9][0-9_]*|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: Mapping[str, bool | None] = {
    **{form: True for word in ("true", "yes", "on") for form in (word, word.title(), word.upper())},
    **{form: False for word in ("false", "no", "off") for form in (word, word.title(), word.upper())},
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The place where something was written; places sort in reading order.

    Attributes:
        rank: 0 for a file; the options on the command line come after it.
        line: From 1; 0 where there are no lines.
        column: From 1.
        source: The file, or the option as it was given.
    """

    rank: int
    line: int
    column: int
    source: str

    def __str__(self) -> str:
        """The place as messages begin: "run.yaml:3:5"."""
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a configuration, to be corrected.

    Where it is, and in words what it is and what to do.
    """

    place: Place
    words: str

    def __str__(self) -> str:
        """The mistake in one line; it may hold whatever was written."""
        return " ".join(f"{self.place}: {self.words}.".encode(errors="backslashreplace").decode().split())


@dataclass(slots=True)
class Document:
    """A document with values, places and mistakes.

    Attributes:
        data: Plain values, no two of which are the same object.
        keys: Path → place of its key, or of its value in a list.
        values: Path → place of its value; () is the document.
        mistakes: What was wrong with it; the values concerned are left out.
        left_out: Their paths.
    """

    data: Any
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    left_out: set[Path] = field(default_factory=set)

    @classmethod
    def of(cls, data: Any, source: str) -> "Document":
        """A document of data from elsewhere, without places."""
        return cls(data=data, values={(): Place(0, 0, 0, source)})

    def place_of_key(self, path: Path) -> Place:
        """The place of a key, or of the nearest group around it."""
        return self.keys[path] if path in self.keys else self.place_of(path[:-1])

    def place_of(self, path: Path) -> Place:
        """The place of a value, or of the nearest group around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values[path]

    def graft(self, path: Path, other: "Document") -> None:
        """Take over the places of another document's value for a path."""
        self.forget(path)
        self.keys[path] = other.values[()]
        self.values |= {(*path, *inner): place for inner, place in other.values.items()}
        self.keys |= {(*path, *inner): place for inner, place in other.keys.items()}

    def move(self, path: Path, to: Path) -> None:
        """Move the places of a value to its new path."""
        for places in (self.keys, self.values):
            for inner in [known for known in places if known[: len(path)] == path]:
                places[to + inner[len(path) :]] = places.pop(inner)

    def forget(self, path: Path) -> None:
        """Drop the places of a value and its contents."""
        for places in (self.keys, self.values):
            for inner in [known for known in places if known[: len(path)] == path]:
                del places[inner]


def read_document(text: str, source: str, *, rank: int = 0, lines: bool = True) -> Document:
    """Read one YAML document.

    Args:
        text: Of any origin.
        source: Names it in messages.
        rank: See `Place`.
        lines: Whether places in it have lines; not for an option's value.
    """
    reader = _Reader(source, rank, lines=lines)
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return reader.broken(error.problem or str(error), mark, context=error.context)
    except yaml.reader.ReaderError as error:  # no mark: a character that YAML forbids
        before = text[: error.position]
        line, column = before.count("\n"), error.position - (before.rfind("\n") + 1)
        mark = yaml.Mark(source, error.position, line, column, None, 0)
        return reader.broken(f"the character U+{ord(text[error.position]):04X} is not allowed", mark)
    except yaml.YAMLError as error:
        return reader.broken(str(error), None)
    except (ValueError, OverflowError) as error:  # such as an escape beyond Unicode
        return reader.broken(str(error), None)
    return reader.read(node)


def read_value(text: str, source: str, *, rank: int = 0) -> Document:
    """Read the value of an option such as "--set a=value".

    Raises:
        ConfigError: It is not YAML, or something in it is not allowed.
    """
    document = read_document(text, source, rank=rank, lines=False)
    if document.mistakes:
        raise ConfigError(str(document.mistakes[0]))
    return document


def written(value: Any, most: int = 80) -> str:
    """A value as messages show it; cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # an integer of more digits than Python prints
        return "a number too long to show"
    return text if len(text) <= most else f"{text[: most - 1]}…"


_WRONG = object()
"""Stands for a value that was refused, until its mapping or list leaves it out."""


class _TooMuch(Exception):
    """A document that is nested too deeply, or too large."""


class _Loader(yaml.SafeLoader):
    """Composes nodes to a limited depth, with plain scalars left raw."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._depth += 1
        if self._depth > _DEEPEST:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem=f"it is nested more than {_DEEPEST} levels deep", problem_mark=mark)
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            return _PLAIN if implicit[0] else f"{_TAG}str"
        return str(super().resolve(kind, value, implicit))  # type: ignore[no-untyped-call]


class _Reader:
    """Turns nodes into plain values, and notes where each was written."""

    def __init__(self, source: str, rank: int, *, lines: bool) -> None:
        self._source = source
        self._rank = rank
        self._lines = lines
        self._left = _MOST_VALUES
        self._open: list[yaml.Node] = []  # from the top to where the reader is
        self._document = Document(data=None, values={(): self._place(None)})

    def broken(self, problem: str, mark: yaml.Mark | None, *, context: str | None = None) -> Document:
        """The document of a text that is not YAML."""
        words = f"not valid YAML: {f'{context}, ' if context else ''}{problem}"
        if "\\t" in problem:
            words += "; indent with spaces instead of tabs"
        self._document.mistakes.append(Mistake(self._place(mark), words))
        return self._document

    def read(self, node: yaml.Node | None) -> Document:
        """Read the document of a node.

        It is YAML, if perhaps not as it is used here.
        """
        if node is not None:
            try:
                value = self._value(node, ())
                self._document.data = None if value is _WRONG else value
            except _TooMuch as error:
                self._document.mistakes.append(Mistake(self._place(node.start_mark), str(error)))
        return self._document

    def _place(self, mark: yaml.Mark | None) -> Place:
        if mark is None or not self._lines:
            return Place(self._rank, 0, 0, self._source)
        return Place(self._rank, mark.line + 1, mark.column + 1, self._source)

    def _wrong(self, node: yaml.Node, words: str) -> None:
        self._document.mistakes.append(Mistake(self._place(node.start_mark), words))

    @contextmanager
    def _inside(self, node: yaml.Node) -> Iterator[None]:
        if any(node is around for around in self._open):
            raise _TooMuch("an alias stands inside of what it names, so that it never ends")
        self._open.append(node)
        yield
        self._open.pop()

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise _TooMuch(f"it holds more than {_MOST_VALUES:,} values where every alias is written out")

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self._count()
        self._document.values[path] = self._place(node.start_mark)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag not in {f"{_TAG}map", f"{_TAG}seq"}:
            self._wrong(node, _unsupported(node.tag))
            return _WRONG
        with self._inside(node):
            if isinstance(node, yaml.SequenceNode):
                items = [self._item(inner, (*path, place)) for place, inner in enumerate(node.value)]
                return [item for item in items if item is not _WRONG]
            data: dict[str, Any] = {}
            self._fill(data, node, path)
            return data

    def _item(self, node: yaml.Node, path: Path) -> Any:
        self._document.keys[path] = self._place(node.start_mark)
        return self._value(node, path)

    def _fill(self, data: dict[str, Any], node: yaml.Node, path: Path) -> None:
        """Read a mapping into data.

        What is in the data already wins, so that a merged mapping comes after the one it is merged into.
        """
        seen: dict[str, Place] = {}
        merged: list[yaml.Node] = []
        for key_node, value_node in node.value:
            self._count()
            if key_node.tag == _PLAIN and key_node.value == "<<":
                merged.extend(value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node])
                continue
            key = self._key(key_node)
            if key is None:
                continue
            place = self._place(key_node.start_mark)
            if key in seen:
                self._wrong(
                    key_node, f"the key {written(key)} is here twice, first in line {seen[key].line}; keep one of the two"
                )
            elif key not in data:
                self._document.keys[*path, key] = place
                value = self._value(value_node, (*path, key))
                if value is _WRONG:
                    self._document.left_out.add((*path, key))
                else:
                    data[key] = value
            seen.setdefault(key, place)
        for source in merged:
            if isinstance(source, yaml.MappingNode):
                with self._inside(source):
                    self._fill(data, source, path)
            else:
                self._wrong(source, "<< takes a mapping, or a list of mappings")

    def _key(self, node: yaml.Node) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._wrong(node, "a key must be a word, but this is a list or a mapping")
            return None
        value = self._scalar(node)
        if value is _WRONG:
            return None
        if not isinstance(value, str):
            self._wrong(
                node, f"a key must be a word, but {node.value[:40]!r} is {written(value)}; put it in quotes if it is meant"
            )
            return None
        return value

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text: str = node.value
        if _SURROGATE.search(text):
            self._wrong(
                node, f"{written(text)} holds half a character (a lone surrogate), which cannot be stored; write it whole"
            )
            return _WRONG
        if node.tag in {f"{_TAG}str", f"{_TAG}value"}:
            return text
        if node.tag not in {_PLAIN, *(f"{_TAG}{kind}" for kind in ("bool", "float", "int", "null"))}:
            self._wrong(node, _unsupported(node.tag))
            return _WRONG
        if text in _WORDS:
            return _WORDS[text]
        return self._number(node, text) if _INT.fullmatch(text) or _FLOAT.fullmatch(text) or _NOT_FINITE.fullmatch(text) else text

    def _number(self, node: yaml.Node, text: str) -> Any:
        if len(text) > _LONGEST_NUMBER:
            self._wrong(
                node, f"{text[:20]}… is a number of {len(text):,} characters, more than the {_LONGEST_NUMBER} that are read"
            )
            return _WRONG
        if _INT.fullmatch(text):
            return int(text, 0) if text.startswith(("0x", "0o")) else int(text.replace("_", ""))
        number = math.inf if _NOT_FINITE.fullmatch(text) else float(text.replace("_", ""))
        if not math.isfinite(number):
            self._wrong(node, f"{text} is no finite number; leave the setting out, or give it a finite one")
            return _WRONG
        return number


def _unsupported(tag: str) -> str:
    return f"the tag {tag.replace(_TAG, '!!')!r} is not supported; leave it out"
