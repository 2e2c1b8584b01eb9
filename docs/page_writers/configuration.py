"""Write the reference of configuration files, from the models that check them."""

import inspect
import json
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from evoheur.components import resolve
from evoheur.evaluation.executor import BUILTIN_EXECUTORS
from evoheur.evaluation.isolation import BUILTIN_SANDBOXES
from evoheur.generation.generator import BUILTIN_GENERATORS
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.run.config import RunConfig
from evoheur.strategies.strategy import BUILTIN_STRATEGIES

__all__ = ["configuration_page"]

_KINDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "strategy": ("strategy", BUILTIN_STRATEGIES),
    "generator": ("generator", BUILTIN_GENERATORS),
    "evaluation.executor": ("executor", BUILTIN_EXECUTORS),
    "evaluation.sandbox": ("sandbox", BUILTIN_SANDBOXES),
}
_WORDS = {bool: "true or false", int: "whole number", float: "number", str: "text", type(None): "null"}
_BOUNDS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}


def configuration_page() -> str:
    """Write the body of the page: a section for each part of a configuration, a table for each kind, and the problems' settings."""
    return "\n\n".join([*_sections(RunConfig), _problem_settings()])


def _sections(model: type[BaseModel], *paths: str) -> Iterator[str]:
    """One section for all paths at which a model stands, and those of what it holds."""
    title = f"## {', '.join(f'`{path}`' for path in paths)}" if paths else "## The whole file"
    yield "\n\n".join([title, _docstring(model), _table(model)])
    parts: dict[type[BaseModel], list[str]] = {}
    for name, field in model.model_fields.items():
        below = f"{paths[0]}.{name}" if paths else name
        part = _model_of(field.annotation)
        if below in _KINDS:
            yield from _kinds(below)
        elif part is not None:
            parts.setdefault(part, []).append(below)
    for part, found in parts.items():
        yield from _sections(part, *found)


def _kinds(path: str) -> Iterator[str]:
    what, builtin = _KINDS[path]
    names = ", ".join(f"`{kind}`" for kind in builtin)
    yield f"## `{path}`\n\n`kind` names the {what}: {names}, or `package.module:Class` of a configuration class of your own."
    for kind, target in builtin.items():
        model = resolve(kind, {kind: target}, what=what)
        yield "\n\n".join([f"### `{path}: {{kind: {kind}}}`", _docstring(model), _table(model, skip=("kind",))])


def _problem_settings() -> str:
    parts = [
        "## Settings of the bundled problems",
        "They go under `problem.settings`; `evoheur problems show NAME` prints them too.",
    ]
    for name in bundled_problems():
        parameters = inspect.signature(type(load_problem(name))).parameters.values()
        rows = [f"| `{one.name}` | {_cell(_written(one.default))} |" for one in parameters]
        parts.append("\n".join([f"### `{name}`", "", "| setting | default |", "| --- | --- |", *rows]))
    return "\n\n".join(parts)


def _docstring(model: type[BaseModel]) -> str:
    """What a class says of itself, up to its sections for programmers."""
    text = inspect.cleandoc(model.__doc__ or "")
    for heading in ("\n\nArgs:", "\n\nAttributes:", "\n\nRaises:"):
        text = text.partition(heading)[0]
    return text


def _table(model: type[BaseModel], skip: tuple[str, ...] = ()) -> str:
    rows = [_row(name, field) for name, field in model.model_fields.items() if name not in skip]
    return (
        "\n".join(["| setting | value | default | meaning |", "| --- | --- | --- | --- |", *rows])
        if rows
        else "It has no settings."
    )


def _row(name: str, field: FieldInfo) -> str:
    section = _model_of(field.annotation)
    if field.is_required():
        default = "must be given"
    elif section is not None:
        default = "`null`" if field.default is None else "see below"
    else:
        default = _written(field.get_default(call_default_factory=True, validated_data={}))
    value = " ".join([_type(field.annotation), *_bounds(field)])
    meaning = field.description or ("" if section is None else _docstring(section).partition("\n\n")[0])
    return f"| `{name}` | {_cell(value)} | {_cell(default)} | {_cell(meaning)} |"


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """The model of a section, of which None may be an alternative."""
    if get_origin(annotation) is Annotated:
        return _model_of(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return next((found for one in get_args(annotation) if (found := _model_of(one)) is not None), None)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _type(annotation: Any) -> str:
    """A type in the words of somebody who writes YAML."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    match origin:
        case _ if origin is Annotated:
            words = _type(arguments[0])
        case _ if origin in (Union, types.UnionType):
            words = " or ".join(dict.fromkeys(_type(one) for one in arguments))
        case _ if origin is Literal:
            words = ", ".join(f"`{one}`" for one in arguments)
        case type() if issubclass(origin, Mapping):
            words = f"mapping of {_type(arguments[0])} to {_type(arguments[1])}"
        case type():
            words = f"list of {_type(arguments[0])}" if arguments else "list"
        case _ if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            words = "a section"
        case _:
            words = _WORDS.get(annotation, "anything" if annotation is Any else getattr(annotation, "__name__", str(annotation)))
    return words


def _bounds(field: FieldInfo) -> list[str]:
    pairs = [(_BOUNDS[key], bound) for one in field.metadata for key in _BOUNDS if (bound := getattr(one, key, None)) is not None]
    return [f"({', '.join(f'{word} {bound:g}' for word, bound in pairs)})"] if pairs else []


def _written(value: Any) -> str:
    """A default as it would stand in YAML."""
    if value is PydanticUndefined or value is inspect.Parameter.empty:
        return "must be given"
    if isinstance(value, BaseModel):
        return f"`{json.dumps(value.model_dump(mode='json'))}`"
    if isinstance(value, str):
        return f"`{value}`" if value else '`""`'
    try:
        return f"`{json.dumps(value, ensure_ascii=False, default=list)}`"
    except TypeError:
        return f"`{value}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
