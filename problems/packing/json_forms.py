"""Reading packing instances from JSON, under the keys in use."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from evoheur.errors import ConfigError
from evoheur.problem import Json

from .drafts import MOST_ITEMS, PackingDraft, to_number

__all__ = ["read_json"]

_FORM = 'expected {"capacity": 100, "items": [30, 70]}, a list of such, {"name": {…}}, or {"meta": {…}, "instances": […]}'

_CAPACITY = frozenset({"capacity", "bincapacity", "binsize", "cap", "c", "W"})
_SIZES = frozenset({"items", "sizes", "weights", "itemsizes", "itemweights", "w"})
_SIZE = frozenset({"size", "weight", "w", "itemsize", "itemweight"})  # of one item that is written as an object
_COUNTS = frozenset({"counts", "count", "demands", "demand", "quantities", "quantity", "copies"})
_NAMES = frozenset({"name", "id", "instance", "instancename"})
_LIMITS = frozenset({"maxitems", "maxitemsperbin", "cardinality", "maxbins"})  # numbers that restrict packings
_HARMLESS = frozenset({"solution", "bestsolution", "optimalsolution", "assignment", "meta", "comments", "tags"})
_DEEPEST = 2  # sets of named instances


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What is said above an instance.

    That is file and place, name, family, and a capacity for all if there is one.
    """

    where: str
    name: str
    family: str
    capacity: Json = None


def read_json(text: str, file: Path) -> list[PackingDraft]:
    """Read the instances of a JSON file.

    "set" in its "meta", else the file, names the family.

    Args:
        text: Without byte-order mark.
        file: Where it comes from.

    Raises:
        ConfigError: It is no JSON, or JSON of another form.
    """
    try:
        content: Json = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:  # no JSON, a whole number of thousands of digits, or nested beyond reason
        raise ConfigError(f"{file} is not JSON ({error}); {_FORM}.") from error
    family = file.stem
    if isinstance(content, Mapping):
        meta = content.get("meta", {})
        if not isinstance(meta, Mapping):
            raise ConfigError(f"{file} is JSON of another form; {_FORM}.")
        family = meta.get("set", file.stem)
        if not isinstance(family, str):
            raise ConfigError(f'{file}: "set" in "meta" is {family!r:.60}; it names the family, so give a text.')
    drafts = list(_instances(content, _Inherited(str(file), file.stem, family), depth=0))
    if not drafts:
        raise ConfigError(f"{file} holds no instance; {_FORM}.")
    return drafts


def _instances(content: Json, above: _Inherited, *, depth: int) -> Iterator[PackingDraft]:
    keys = _keys(content) if isinstance(content, Mapping) else set()
    bare = isinstance(content, list) and not any(isinstance(entry, (list, Mapping)) for entry in content)
    if keys & _SIZES:
        yield _draft(content, above)
    elif "instances" in keys:
        yield from _several(
            _entries(content, above.where), replace(above, capacity=_only(content, _CAPACITY, above.where)), depth=depth
        )
    elif keys & _CAPACITY:
        raise ConfigError(f"{above.where} has no 'items'; {_FORM}.")
    elif bare and above.capacity is not None:
        yield _draft({"items": content}, above)
    elif isinstance(content, (list, Mapping)) and content and depth < _DEEPEST:
        yield from _several(content, above, depth=depth)
    else:
        raise ConfigError(f"{above.where} is {content!r:.60}; {_FORM}.")


def _entries(content: Mapping[str, Json], where: str) -> Json:
    entries = _only(content, frozenset({"instances"}), where)
    if not isinstance(entries, (list, Mapping)):
        raise ConfigError(f"{where} is JSON of another form; {_FORM}.")
    if not entries:
        raise ConfigError(f'{where}: "instances" is empty; give at least one.')
    return entries


def _several(entries: Json, above: _Inherited, *, depth: int) -> Iterator[PackingDraft]:
    named = entries.items() if isinstance(entries, Mapping) else ((None, entry) for entry in entries)
    for number, (name, entry) in enumerate(named):
        if name == "meta" and depth == 0:
            continue
        if name is None:
            inside = replace(above, where=f"{above.where}, instance {number}", name=f"{above.name}-{number}")
        else:
            is_set = isinstance(entry, Mapping) and not _keys(entry) & (_SIZES | _CAPACITY)
            family = name if is_set else above.family
            inside = replace(above, where=f"{above.where}, {name!r:.60}", name=name, family=family)
        yield from _instances(entry, inside, depth=depth + 1)


def _draft(entry: Mapping[str, Json], above: _Inherited) -> PackingDraft:
    name = _only(entry, _NAMES, above.where)
    if name is not None and not (isinstance(name, (str, int)) and not isinstance(name, bool) and str(name)):
        raise ConfigError(f"{above.where}: the name is {name!r:.60}; give a text that is not empty.")
    where = above.where if name is None else f"{above.where} ({name!r:.60})"
    for key, value in entry.items():
        _refuse_unknown(key, value, where)
    capacity = _only(entry, _CAPACITY, where)
    if capacity is None:
        capacity = above.capacity
    if capacity is None and not _keys(entry) & _CAPACITY:
        raise ConfigError(f"{where} has no 'capacity'; {_FORM}.")
    sizes = _only(entry, _SIZES, where)
    if not isinstance(sizes, list) or not sizes:
        raise ConfigError(f"{where}: the items are {sizes!r:.60}; give a list of at least one size.")
    counts = _only(entry, _COUNTS, where)
    return PackingDraft(
        name=above.name if name is None else str(name),
        family=above.family,
        capacity=capacity,
        sizes=_repeated(sizes, counts, where) if counts is not None else _flat(sizes, where),
        where=where,
    )


def _flat(sizes: list[Json], where: str) -> list[Json]:
    """Sizes, with counted items written out.

    An item may be an object with its size and a count.
    """
    flat: list[Json] = []
    for position, item in enumerate(sizes):
        if not isinstance(item, Mapping):
            flat.append(item)
            continue
        here = f"{where}: item {position}"
        for key, value in item.items():
            if _plain(key) not in _SIZE | _COUNTS | _NAMES and not isinstance(value, str):
                raise ConfigError(
                    f"{here} has {key!r:.60}, so what that asks of a packing would be left out; remove it if it asks nothing."
                )
        size, count = _only(item, _SIZE, here), _only(item, _COUNTS, here)
        if size is None:
            raise ConfigError(f"{here} has no 'size'; give one.")
        flat += [size] * _count(1 if count is None else count, len(flat), here)
    return flat


def _repeated(sizes: list[Json], counts: Json, where: str) -> list[Json]:
    if not isinstance(counts, list) or len(counts) != len(sizes):
        raise ConfigError(
            f"{where}: the counts are {counts!r:.60}; give a list of {len(sizes)} whole numbers, one for every size."
        )
    repeated: list[Json] = []
    for position, (size, count) in enumerate(zip(sizes, counts, strict=True)):
        repeated += [size] * _count(count, len(repeated), f"{where}: item {position}")
    return repeated


def _count(count: Json, so_far: int, where: str) -> int:
    number = to_number(count)
    if number is None or number != number.to_integral_value() or not 1 <= number <= MOST_ITEMS - so_far:
        raise ConfigError(f"{where}: the count is {count!r:.60}; give a whole number from 1, {MOST_ITEMS} items at most.")
    return int(number)


def _refuse_unknown(key: str, value: Json, where: str) -> None:
    word = _plain(key)
    known = word in _SIZES | _CAPACITY | _COUNTS | _NAMES | _HARMLESS
    if word in _LIMITS or (not known and isinstance(value, (list, Mapping))):
        raise ConfigError(
            f"{where} has {key!r:.60}, so what that asks of a packing would be left out; remove it if it asks nothing."
        )


def _only(entry: Mapping[str, Json], words: frozenset[str], where: str) -> Json:
    """The value of the one key among the words.

    None if there is none.
    """
    found = [key for key in entry if _plain(key) in words]
    if len(found) > 1:
        raise ConfigError(f"{where} has both {found[0]!r:.60} and {found[1]!r:.60}; keep the one that is meant.")
    return entry[found[0]] if found else None


def _keys(entry: Mapping[str, Json]) -> set[str]:
    return {_plain(key) for key in entry}


def _plain(key: str) -> str:
    """A key without case, blanks and signs.

    "Bin_Capacity" is "bincapacity"; of single letters W is a capacity and w are sizes.
    """
    return key if key in {"W", "w"} else "".join(letter for letter in key.lower() if letter.isalnum())
