"""Overrides: settings from the command line.

"a.b=value", over those of a file or of a stored run.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from evoheur.errors import ConfigError
from evoheur.problem_loading import problem_settings
from evoheur.run.config_check import ComponentKind
from evoheur.run.yaml_text import Document, Mistake, Path, Place, read_document, written

__all__ = ["Change", "apply_overrides"]


class Change(str):
    """An override that was given in Python: messages call it a change, since there is no option to look for."""

    __slots__ = ()


def apply_overrides(
    document: Document, overrides: Sequence[str], families: Mapping[Path, ComponentKind], folder: FilePath | None
) -> list[str]:
    """Apply overrides to a document, in place.

    One that cannot be applied becomes one of its mistakes. Where an override names another kind, settings that belonged to the old one
    and that the new one does not know are left out.

    Args:
        document: A mapping.
        overrides: "a.b=value" each; values are YAML.
        families: Path of a section → what its `kind` chooses from.
        folder: Where plug-ins are found that are not installed.

    Returns:
        A notice for each section that settings were left out of.
    """
    before = {path: _word(document.data, (*path, "kind")) for path in families}
    problem = _word(document.data, ("problem",)) or _word(document.data, ("problem", "name"))
    for rank, override in enumerate(overrides, start=1):
        _set(document, override, rank)
    notices = [
        _leave_out(document, path, "kind", [before[path], _word(document.data, (*path, "kind"))], _fields(family, folder))
        for path, family in families.items()
    ]
    names = [problem, _word(document.data, ("problem", "name"))]
    notices.append(_leave_out(document, ("problem", "settings"), "name", names, partial(problem_settings, folder=folder)))
    return [notice for notice in notices if notice]


def _set(document: Document, override: str, rank: int) -> None:
    name, equals, text = override.partition("=")
    shown = override if len(override) <= 80 else override[:79] + "…"
    source = f"{'change' if isinstance(override, Change) else '--set'} {str(shown)!r}"
    place = Place(rank, 0, 0, source)
    keys = name.strip().split(".")
    if not equals or not all(keys):
        document.mistakes.append(Mistake(place, "it must look like budget.evaluations=500"))
        return
    value = read_document(text, source, rank=rank, lines=False)
    if value.mistakes:
        document.mistakes.extend(value.mistakes)
        document.left_out.add(tuple(keys))
        return
    group = document.data
    path: Path = ()
    for key in keys[:-1]:
        path = (*path, key)
        if group.get(key) is None:
            document.values[path] = document.keys[path] = place
            group[key] = {}
        elif isinstance(group[key], str) and path == ("problem",):
            document.values["problem", "name"] = document.place_of(path)
            group[key] = {"name": group[key]}
        group = group[key]
        if not isinstance(group, dict):
            document.mistakes.append(Mistake(place, f"{'.'.join(map(str, path))!r} is {written(group)}, not a group of settings"))
            return
    group[keys[-1]] = value.data
    document.graft((*path, keys[-1]), value)


def _leave_out(
    document: Document, path: Path, key: str, names: Sequence[str | None], fields: Callable[[str], Sequence[str]]
) -> str:
    """Drop settings that an override has made meaningless.

    By another kind of a section, or another name of the problem. Says so.

    Args:
        document: With the overrides.
        path: Of the settings in question.
        key: What chooses them: "kind", or "name" beside the settings.
        names: The old and the new choice.
        fields: Choice → settings that it knows.
    """
    old, new = names
    section = _at(document.data, path)
    if old is None or new is None or old == new or not isinstance(section, dict):
        return ""
    chooser = (*path, "kind") if key == "kind" else ("problem", "name")
    try:
        known, known_before = set(fields(new)), set(fields(old))
    except ConfigError:
        return ""  # the check of the whole says why
    gone = [
        each for each in section if document.place_of_key((*path, each)).rank == 0 and each in known_before and each not in known
    ]
    for each in gone:
        del section[each]
        document.forget((*path, each))
    if not gone:
        return ""
    kept = [each for each in section if each != "kind" and document.place_of_key((*path, each)).rank == 0]
    also = f"; kept {', '.join(kept)}" if kept else ""
    return f"{document.place_of(chooser)}: left out what {old!r} has and {new!r} has not: {', '.join(gone)}{also}."


def _fields(family: ComponentKind, folder: FilePath | None) -> Callable[[str], Sequence[str]]:
    return lambda kind: list(family.resolve(kind, folder).model_fields)


def _at(data: Any, path: Path) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _word(data: Any, path: Path) -> str | None:
    found = _at(data, path)
    return found if isinstance(found, str) else None
