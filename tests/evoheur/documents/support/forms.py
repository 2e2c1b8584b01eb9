"""The form of every document, flat: path of a key → its type; what golden files hold.

Remake them with `python -m tests.evoheur.documents.support.forms`. It refuses where a key of a golden file is gone or has
another type while the version of its document is the same.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evoheur.documents.schemas import DOCUMENTS, schema_named

__all__ = ["GOLDEN", "broken", "form_of", "golden"]

GOLDEN = Path(__file__).parents[4] / "golden" / "documents"


def form_of(name: str) -> dict[str, str]:
    """Path → type; "[]" stands for any entry of a list, "*" for any key, "<word>" for one of several forms."""
    schema = schema_named(name)
    return dict(sorted(_entries(schema, "", schema.get("definitions", {}))))


def golden(name: str) -> dict[str, str]:
    """The form as it was recorded."""
    recorded: dict[str, str] = json.loads((GOLDEN / f"{name}.json").read_text())
    return recorded


def broken(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What readers of the form before would miss, unless the version says that it is another one."""
    if {before.get(path) for path in _versions(before)} != {now.get(path) for path in _versions(before)}:
        return []
    return [f"{path} was {kind} and is {now.get(path, 'gone')}" for path, kind in before.items() if now.get(path) != kind]


def _versions(form: Mapping[str, str]) -> list[str]:
    """Paths of the document's own version."""
    return [path for path in form if path.endswith("format") and path.count(".") == 1]


def _entries(schema: Mapping[str, Any], path: str, definitions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    schema = _resolved(schema, definitions)
    if "oneOf" in schema:
        by = schema["discriminator"]["propertyName"]
        for choice in (_resolved(each, definitions) for each in schema["oneOf"]):
            yield from _entries(choice, f"{path}<{choice['properties'][by]['const']}>", definitions)
        return
    for choice in schema.get("anyOf", [schema]):
        whole = _resolved(choice, definitions)
        for key, member in whole.get("properties", {}).items():
            optional = "" if key in whole.get("required", ()) else ", optional"
            yield f"{path}.{key}", _type(member, definitions) + optional
            yield from _entries(member, f"{path}.{key}", definitions)
        if isinstance(whole.get("additionalProperties"), dict):
            yield f"{path}.*", _type(whole["additionalProperties"], definitions)
            yield from _entries(whole["additionalProperties"], f"{path}.*", definitions)
        if "items" in whole:
            yield f"{path}[]", _type(whole["items"], definitions)
            yield from _entries(whole["items"], f"{path}[]", definitions)


def _type(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    schema = _resolved(schema, definitions)
    choices = schema.get("oneOf", schema.get("anyOf"))
    if choices is not None:
        return " | ".join(sorted({_type(choice, definitions) for choice in choices}))
    return repr(schema["const"]) if "const" in schema else str(schema.get("type", "anything"))


def _resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema or len(schema.get("allOf", ())) == 1:
        reference = schema.get("$ref") or schema["allOf"][0]["$ref"]
        schema = definitions[reference.rpartition("/")[2]]
    return schema


def _remake() -> None:
    for name in DOCUMENTS:
        file, now = GOLDEN / f"{name}.json", form_of(name)
        faults = broken(golden(name), now) if file.exists() else []
        if faults:
            sys.exit(f"{name}: {'; '.join(faults)}. Undo that, or give the document another version.")
        file.write_text(json.dumps(now, indent=2) + "\n")


if __name__ == "__main__":
    _remake()
