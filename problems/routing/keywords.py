"""The text format of TSPLIB and CVRPLIB.

It has entries ("KEY : VALUE") and sections, as they are found in files of all sorts.

`vrplib` reads neither geographical coordinates as such nor most forms of explicit matrices, and drops the numbers of the nodes, so this is
our own. Keywords are as in Reinelt (1991, doi:10.1287/ijoc.3.4.376) in upper or lower case, with a colon, an equals sign or nothing behind.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError

__all__ = ["HARMLESS", "KeywordFile", "decoded_text", "read_keywords", "refuse_others"]

HARMLESS = frozenset(
    {
        *("NAME", "COMMENT", "AUTHOR", "SOURCE", "DATE", "URL", "BEST_KNOWN", "OPTIMUM", "OPTIMAL_VALUE"),
        *("NODE_COORD_TYPE", "DISPLAY_DATA_TYPE", "DISPLAY_DATA_SECTION"),
    }
)
"""What never restricts a solution; the kind of coordinates follows from the metric of their distances."""

_RESTRICTIONS = {
    "FIXED_EDGES_SECTION": "edges that every tour has to use",
    "FIXED_EDGES": "edges that every tour has to use",
    "EDGE_DATA_FORMAT": "a graph without all edges",
    "EDGE_DATA_SECTION": "a graph without all edges",
    "TIME_WINDOW_SECTION": "time windows",
    "RELEASE_TIME_SECTION": "release times",
    "BACKHAUL_SECTION": "backhauls",
    "PICKUP_SECTION": "pickups",
    "PICKUP_AND_DELIVERY_SECTION": "pickups and deliveries",
    "PRECEDENCE_SECTION": "customers that come before others",
    "CTSP_SET_SECTION": "sets of cities",
    "GTSP_SET_SECTION": "sets of cities",
    "REQUIRED_NODES_SECTION": "nodes that need not be visited",
    "PRIZE_SECTION": "customers that need not be visited",
    "MUTUALLY_EXCLUSIVE_GROUP_SECTION": "customers that need not be visited",
    "STANDTIME_SECTION": "times at nodes",
    "VEHICLES_DEPOT_SECTION": "vehicles with depots of their own",
    "VEHICLES_MAX_DISTANCE": "limits that differ from vehicle to vehicle, or of the way alone",
    "VEHICLES_MAX_DURATION": "limits that differ from vehicle to vehicle",
    "VEHICLES_FIXED_COST": "costs of vehicles",
    "DEMAND_SECTION": "demands",
    "DEPOT_SECTION": "depots",
    "CAPACITY": "the capacity of vehicles",
    "DISTANCE": "the limit of a route",
    "SERVICE_TIME": "times at customers",
    "SERVICE_TIME_SECTION": "times at customers",
    "VEHICLES": "the size of a fleet",
    "VEHICLE": "the size of a fleet",
    "SALESMEN": "several salesmen",
    "SCALE": "another unit of distances",
}
_OTHERS = frozenset({"TYPE", "DIMENSION", "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT"})
_KEYS = HARMLESS | _OTHERS | _RESTRICTIONS.keys()

_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*([:=]?)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class KeywordFile:
    """What a file says, not yet understood.

    Attributes:
        file: Where it is from.
        entries: Keyword in upper case → value as written.
        sections: Keyword in upper case → words.
    """

    file: Path
    entries: Mapping[str, str]
    sections: Mapping[str, list[str]]

    def word(self, key: str, otherwise: str) -> str:
        """The first word of an entry in upper case."""
        return (self.entries.get(key, "").upper().split() or [otherwise])[0]

    def words(self, section: str) -> list[str]:
        """The words of a section.

        Raises:
            ConfigError: There is no such section.
        """
        if section not in self.sections:
            raise ConfigError(f"{self.file} has no {section}.")
        return self.sections[section]

    def numbers(self, section: str) -> NDArray[np.float64]:
        """The numbers of a section.

        Raises:
            ConfigError: There is no such section, or it holds something else than numbers.
        """
        try:
            return np.array(self.words(section), dtype=np.float64)
        except ValueError as error:
            raise ConfigError(f"{self.file}: the {section} holds something else than numbers ({error}).") from error

    def whole(self, key: str, what: str) -> int:
        """The whole number that an entry gives, at least 1.

        Raises:
            ConfigError: It gives none; the message has the words of `what`.
        """
        value = self.entries.get(key)
        if value is None or not re.fullmatch(r"\+?0*[1-9]\d{0,8}(\.0*)?", value):
            raise ConfigError(f"{self.file}: {key} is {value if value is None else value[:60]}; it must be {what}.")
        return int(float(value))


def read_keywords(file: Path) -> KeywordFile:
    """Read the entries and sections of a file.

    Lines that begin with "#" are comments, EOF may be missing.

    Raises:
        ConfigError: The file cannot be read, a line is neither entry nor part of a section, or a keyword comes twice.
    """
    entries: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    words: list[str] | None = None
    for line in map(str.strip, decoded_text(file).splitlines()):
        found = _LINE.fullmatch(line)
        key = found[1].upper() if found else ""
        if key == "EOF":
            break
        if found and key.endswith("_SECTION"):
            if key in sections:
                raise ConfigError(f"{file}: {key} comes twice; leave one of them.")
            words = sections.setdefault(key, found[3].split())
        elif found and (found[2] or key in _KEYS):
            if key != "COMMENT" and entries.get(key, found[3].strip()) != found[3].strip():
                raise ConfigError(f"{file}: {key} comes twice, as {entries[key]!r:.40} and {found[3]!r:.40}; leave one of them.")
            entries[key] = found[3].strip()
            words = None
        elif words is not None and not line.startswith("#"):
            words.extend(line.split())
        elif line and not line.startswith("#"):
            raise ConfigError(f"{file} is no TSPLIB or CVRPLIB file: {line!r:.60} is neither KEY : VALUE nor part of a section.")
    return KeywordFile(file, entries, sections)


def refuse_others(text: KeywordFile, known: Collection[str], kind: str) -> None:
    """Refuse keywords that could restrict solutions unnoticed.

    A file is refused if it says something which could restrict solutions and is not taken into account.

    Args:
        text: The file.
        known: Keywords that are taken into account; harmless ones need not be among them.
        kind: Of problem, such as "travelling salesman".

    Raises:
        ConfigError: Another keyword is there; names it.
    """
    for key in (*text.entries, *text.sections):
        if key in known or key in HARMLESS or text.sections.get(key) in (["-1"], []):
            continue
        if key in _RESTRICTIONS:
            raise ConfigError(
                f"{text.file}: {key} ({_RESTRICTIONS[key]}) is not handled by the {kind} problems, and without it this would be another "
                "problem; remove it if that is the one you mean."
            )
        raise ConfigError(
            f"{text.file}: {key} is not known, and could restrict the solutions; remove it if it does not "
            f"(known are {', '.join(sorted({*known, *HARMLESS}))})."
        )


def decoded_text(file: Path) -> str:
    """The text of a file in UTF-8, UTF-16 or Latin-1.

    UTF-16 is told by its mark. Latin-1 is the last resort, in which every byte is a character.

    Raises:
        ConfigError: It cannot be read.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}; check the path and its permissions.") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
