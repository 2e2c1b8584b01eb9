"""Text files of shops: heads, and numbers below them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evoheur.errors import ConfigError

__all__ = ["NumberBlock", "number_blocks"]

_NUMBERS = re.compile(r"[\s0-9+-]+")
_NAMED = re.compile(r"\s*instance\s+(\S+)\s*$", re.IGNORECASE)
_SHORT = 2  # numbers of the shortest head: jobs and machines


@dataclass(slots=True)
class NumberBlock:
    """An instance in a file.

    Attributes:
        name: That the file gives it, or "".
        head: Jobs, machines, and what else its first line has.
        lines: The numbers below; lines with words between them are passed over.
    """

    name: str
    head: list[int]
    lines: list[list[int]] = field(default_factory=list)


def number_blocks(file: Path, heads: Mapping[int, str], is_complete: Callable[[NumberBlock], bool]) -> dict[str, NumberBlock]:
    """Read the instances of a text file.

    Args:
        file: The file.
        heads: How many numbers a head may have beside the two of `jobs machines` → what they are.
        is_complete: Whether an instance has all its numbers, so that the next line is a head.

    Returns:
        Name of the instance → its numbers: what a line `instance NAME` says, else the file's, with a number if there are several.

    Raises:
        ConfigError: It cannot be read, has no numbers, no head, or two instances of one name.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read as text: {error}.") from error
    blocks: list[NumberBlock] = []
    name = ""
    for line in text.splitlines():
        if match := _NAMED.match(line):
            name = match.group(1)
        if not line.strip() or not _NUMBERS.fullmatch(line) or not re.search(r"\d", line):
            continue
        try:
            numbers = [int(word) for word in line.split()]
        except ValueError as error:
            raise ConfigError(f"{file}: {line.strip()!r:.60} is no line of whole numbers.") from error
        if not blocks or is_complete(blocks[-1]):
            if len(numbers) not in {_SHORT, *heads} or min(numbers[:_SHORT]) < 1:
                wanted = " or ".join(repr(each) for each in ("jobs machines", *heads.values()))
                raise ConfigError(f"{file}: expected the head of an instance, {wanted}, and found {line.strip()!r:.60}.")
            blocks.append(NumberBlock(name, numbers))
            name = ""
        else:
            blocks[-1].lines.append(numbers)
    if not blocks:
        raise ConfigError(f"{file} has no line of whole numbers; it should begin with the numbers of jobs and machines.")
    return _named(file, blocks)


def _named(file: Path, blocks: list[NumberBlock]) -> dict[str, NumberBlock]:
    named: dict[str, NumberBlock] = {}
    for number, block in enumerate(blocks, start=1):
        name = block.name or (file.stem if len(blocks) == 1 else f"{file.stem}-{number}")
        if name in named:
            raise ConfigError(f"{file} has two instances named {name}; give each a name of its own.")
        named[name] = block
    return named
