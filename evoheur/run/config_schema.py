"""The JSON schema of a configuration.

Editors complete and check configurations by it. Draft 7, the newest that editors' YAML servers understand in full. Where a section's
settings depend on its `kind`, or a problem's on its name, conditions tell which: an editor then names the one setting that is wrong,
where a list of alternatives would only fail.
"""

import inspect
import re
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from evoheur.components import Config, resolve
from evoheur.generation.tuning.optimiser import BUILTIN_OPTIMISERS
from evoheur.installed_plugins import installed_plugins
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.run.config import FAMILIES, RunConfig
from evoheur.run.config_check import ComponentKind
from evoheur.run.problem_config import ProblemConfig
from evoheur.strategies.tuning import TuneConfig

__all__ = ["DRAFT", "config_schema", "in_draft_7"]

DRAFT = "http://json-schema.org/draft-07/schema#"

_OWN = {"type": "string", "pattern": r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$", "description": "package.module:Class of your own"}
_SETTING = re.compile(r"^    (\w+): (.*)")
_REFS = "#/definitions/{model}"


def config_schema() -> dict[str, Any]:
    """Describe what `load_config` takes, with defaults, limits and the fields' docstrings.

    It is no stricter than `load_config` where a value depends on others; settings of plug-ins are taken as they are.
    """
    kinds = [(family, {kind: family.resolve(kind, None) for kind in family.builtin}) for family in FAMILIES.values()]
    models: list[type[Config]] = [RunConfig, *(found for _, of_family in kinds for found in of_family.values())]
    refs, whole = models_json_schema([(model, "validation") for model in models], ref_template=_REFS)
    definitions = whole["$defs"]
    for family, of_family in kinds:
        refs_by_kind = {kind: refs[found, "validation"] for kind, found in of_family.items()}
        summaries = {kind: _summary(found) for kind, found in of_family.items()}
        definitions[family.base.__name__] = _by_kind(family, refs_by_kind, summaries)
    optimisers = {name: _summary(resolve(name, BUILTIN_OPTIMISERS, what="optimiser")) for name in BUILTIN_OPTIMISERS}
    method = definitions[TuneConfig.__name__]["properties"]["method"]
    method |= {"anyOf": [*_words(optimisers), _OWN]}
    run = definitions.pop(RunConfig.__name__)
    names = _tell_problems_apart(definitions[ProblemConfig.__name__])
    run["properties"]["problem"]["anyOf"][0] = names  # a plain string
    head = {"$schema": DRAFT, "title": "A configuration of evoheur"}
    return {**head, **in_draft_7(run), "definitions": {name: in_draft_7(definitions[name]) for name in sorted(definitions)}}


def in_draft_7(schema: Any) -> Any:
    """A schema in draft 7, without what is redundant.

    Without what draft 7 lacks, without titles that repeat names, and without defaults that the sections' own keys tell.

    Args:
        schema: As pydantic makes it; `$defs` become `definitions`, and what stands beside a `$ref`, which draft 7 passes over, is
            taken apart from it.
    """
    if isinstance(schema, list):
        return [in_draft_7(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidied = {
        ("definitions" if key == "$defs" else key): _named(value) if key in {"$defs", "properties"} else in_draft_7(value)
        for key, value in schema.items()
        if key != "title" and not (key == "default" and isinstance(value, dict))
    }
    if "default" in schema and "default" in tidied:
        tidied["default"] = schema["default"]
    if "$ref" in tidied and len(tidied) > 1:
        return {"allOf": [{"$ref": tidied.pop("$ref")}], **tidied}
    return tidied


def _named(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: in_draft_7(member) for name, member in members.items()}


def _by_kind(family: ComponentKind, refs: Mapping[str, Any], summaries: Mapping[str, str]) -> dict[str, Any]:
    """A section whose `kind` says which settings it has."""
    installed = {plugin.name: f"a plug-in of {plugin.package}" for plugin in installed_plugins(family.what)}
    words = _words({**installed, **summaries})
    section = {
        "type": "object",
        "description": f"The {family.what} and its settings.",
        "required": ["kind"],
        "properties": {"kind": {"description": family.base.model_fields["kind"].description, "anyOf": [*words, _OWN]}},
    }
    conditions = [_where("kind", name, ref) for name, ref in refs.items()]
    return section | ({"allOf": conditions} if conditions else {})


def _tell_problems_apart(section: dict[str, Any]) -> dict[str, Any]:
    """Add the known problems' names and the bundled ones' settings to a schema.

    Returns the schema of a name alone: editors offer the known ones, and take any other.
    """
    problems = {name: type(load_problem(name)) for name in bundled_problems()}
    installed = {plugin.name: f"a plug-in of {plugin.package}" for plugin in installed_plugins("problem")}
    summaries = {each: _summary(found) for each, found in problems.items()}
    other = {"type": "string", "description": "the path of a folder with a problem.py, or package.module:Class"}
    names = {"anyOf": [*_words({**installed, **summaries}), other]}
    section["properties"]["name"] |= names
    section["allOf"] = [
        _where("name", each, {"properties": {"settings": _settings_schema(found)}}) for each, found in problems.items()
    ]
    return names


def _settings_schema(problem: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(problem.__init__)
    described = dict(_described(problem))
    settings = {}
    for parameter in inspect.signature(problem).parameters.values():
        setting = TypeAdapter(hints.get(parameter.name, Any)).json_schema()
        if parameter.default is not parameter.empty:
            setting["default"] = parameter.default
        settings[parameter.name] = setting | {"description": described.get(parameter.name, "A setting of the problem.")}
    return {"type": "object", "properties": settings, "additionalProperties": False}


def _described(problem: Any) -> Iterator[tuple[str, str]]:
    """The settings that a constructor's docstring describes, by name."""
    _, _, arguments = (inspect.getdoc(problem.__init__) or "").partition("\nArgs:\n")
    name, words = "", [""]
    for line in arguments.partition("\n\n")[0].splitlines():
        found = _SETTING.match(line)
        if found is not None:
            if name:
                yield name, " ".join(words)
            name, words = found[1], [found[2]]
        else:
            words.append(line.strip())
    if name:
        yield name, " ".join(words)


def _where(key: str, value: str, then: Mapping[str, Any]) -> dict[str, Any]:
    return {"if": {"properties": {key: {"const": value}}, "required": [key]}, "then": dict(then)}


def _words(described: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"const": word, "description": description} for word, description in described.items()]


def _summary(found: Any) -> str:
    """The first line of a class's docstring."""
    return (inspect.getdoc(found) or "").partition("\n")[0]
