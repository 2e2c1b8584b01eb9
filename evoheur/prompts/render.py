"""Rendering of a request as messages to a model.

There is one jinja template per strategy and operator. A request's template is that of its operator in the strategy's folder, else in the
folder `any` that all share; an operator such as "eoh/e2" names another folder than the strategy's. The folder of a strategy of one's own is
that beside its module (see `evoheur.strategies.prompt_folders`); its templates include the shared parts by their names, such as
`_task.jinja`.

A template is given `card` (the `ProblemCard`), `facts` (the `PromptFacts` of the run), `parents` (the request's candidates, in order),
`operator`, `edits` (whether changes in place are asked for), `instruction` (the one that evolves) and `context` (the request's named
texts). A name it uses that is none of these is an error. What a strategy's settings change in a prompt reaches it through the context. The
filters `versioned_code` and `versioned_card` give the functions of a program or of the card the names of a version.
"""

import functools
import hashlib
import json
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2
import jinja2.meta
import jinja2.nodes
from jinja2.exceptions import SecurityError

from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.environment import PromptEnvironment
from evoheur.prompts.facts import PromptFacts
from evoheur.prompts.versions import versioned_card, versioned_code
from evoheur.request import Message, Request

__all__ = ["PLACEHOLDERS", "SHARED_FOLDER", "PromptLibrary"]

_SHIPPED = Path(__file__).parent / "templates"
SHARED_FOLDER = "any"
"""Templates of operators that any strategy may ask for, such as `repair`."""
_GIVEN = frozenset({"card", "context", "edits", "facts", "instruction", "operator", "parents"})
_NO_FACTS = PromptFacts()

PLACEHOLDERS: Mapping[str, str] = {
    "card.title": "the problem's name in words",
    "card.description": "what the problem is, as its author wrote it",
    "card.functions": "the functions that evolve, each with name, parameters, arrays, returns_array, docstring, call and matrices",
    "card.skeleton": "their headers and docstrings, with an ellipsis for each body",
    "card.code": "the problem's own heuristic, whole",
    "card.anonymous": "the card again, with nothing in it that tells the problem",
    "card.structured": "whether the answer is to be JSON with thought and code",
    "facts.seconds": "processor time that a heuristic has for an instance, in seconds; none where prompts do not tell",
    "facts.calls": "how often it is called on the largest instance, or none",
    "facts.call_seconds": "the time that this leaves for a call, in words; empty where it is not known",
    "facts.imports": "packages that a heuristic may import beside NumPy and the standard library",
    "facts.symmetries": "changes of an instance that must not matter",
    "facts.example": "a textbook rule as a heuristic (rule, function, body), or none",
    "facts.unit": "what the scores are",
    "facts.scores": "what the problem's own heuristic and the best textbook rule reach (name, worth, families)",
    "facts.best": "the best heuristic so far (worth, families), or none",
    "facts.replies": "how many of the last replies `facts.failures` counts",
    "facts.failures": "what several of the last replies failed of (count, remedy, example)",
    "facts.advice": "the user's hints",
    "facts.fills": "whether the answer may mark alternatives and ranges with `choice` and `number`",
    "facts.anonymous": "the facts again, with nothing in them that tells the problem",
    "edits": "whether the changed lines of the only parent are asked for, not whole code",
    "instruction": "the instruction that evolves (`prompts.evolve`); empty for none",
    "operator": "the operator's name",
    "parents": "the candidates that are shown, in order, each with code, thought, operator, objective and evaluation "
    "(status, detail, and results with instance, family, cost, reference and gap)",
}
"""What every template may use besides the texts in `context`, which the strategy's catalogue names, and what each of it is."""


class PromptLibrary:
    """The templates as they apply to one problem.

    They are as they are now: files that change later change nothing.
    """

    def __init__(self, card: ProblemCard, folder: Path | None = None, own: Mapping[str, Path] = MappingProxyType({})) -> None:
        """Open the library.

        Args:
            card: The problem.
            folder: A user's own templates, laid out like the shipped ones (`eoh/e1.jinja`, `_task.jinja`, …); each hides the shipped one of
                the same name.
            own: Folders of templates that ship with a strategy of one's own: name → where it lies.

        Raises:
            ConfigError: There is no such folder, or a file in it is no text.
        """
        if folder is not None and not folder.is_dir():
            raise ConfigError(
                f"The folder of prompt templates {str(folder)!r} does not exist; create it or leave the setting out."
            )
        self._card = card
        self._own = own
        self._texts = _read_templates(_SHIPPED)
        for name, place in own.items():
            self._texts |= {f"{name}/{file}": text for file, text in _read_templates(place).items()}
        self._texts |= _read_templates(folder) if folder else {}
        self._jinja = PromptEnvironment(self._texts, {"versioned_card": versioned_card, "versioned_code": versioned_code})

    def render(self, template_folder: str, request: Request, facts: PromptFacts = _NO_FACTS) -> tuple[Message, ...]:
        """Write the prompt of a request.

        Args:
            template_folder: The strategy's folder, `StrategyConfig.template_folder`.
            request: Its operator names the template.
            facts: What the run tells beside it; by default nothing.

        Returns:
            One user message, as the published methods send it.

        Raises:
            ConfigError: There is no such template, it is faulty, or it does what a template must not do.
        """
        name = self._name(template_folder, request.operator)
        try:
            text = self._jinja.write(
                name,
                {
                    "card": self._card,
                    "facts": facts,
                    "parents": request.parents,
                    "edits": "edits" in request.context,
                    "instruction": request.context.get("instruction", ""),
                    "operator": request.operator,
                    "context": request.context,
                },
            )
        except jinja2.TemplateError as error:
            raise self._faulty(name, error) from error
        except Exception as error:
            if _is_ours(error):
                raise
            raise self._faulty(name, error) from error
        return (Message(role="user", content=text.strip() + "\n"),)

    def _name(self, template_folder: str, operator: str) -> str:
        named, _, bare = operator.rpartition("/")
        folder = named or template_folder
        names = [f"{folder}/{bare}.jinja", f"{SHARED_FOLDER}/{bare}.jinja"]
        for name in names:
            if name in self._texts:
                return name
        operators = self.operators(folder)
        if "." in folder or folder in self._own:  # a module's name
            place = self._own.get(folder, f"the folder prompts/{folder.rpartition('.')[2]} beside the file of module {folder}")
            remedy = f" Templates of a strategy of your own lie in {place}, one OPERATOR.jinja each."
        else:
            remedy = ""
        raise ConfigError(
            f"There is no prompt template {names[0]!r}{nearest(bare, operators)}; "
            f"{folder!r} has: {', '.join(operators) or 'none'}.{remedy}"
        )

    def operators(self, template_folder: str) -> list[str]:
        """The operators that have a template in a folder, sorted."""
        found = [Path(name) for name in self._texts if name.startswith(f"{template_folder}/")]
        return sorted(path.stem for path in found if not path.stem.startswith("_"))

    def files(self, template_folder: str, operators: Iterable[str]) -> dict[str, str]:
        """The templates of some operators, to be copied and changed.

        Name → text, the parts that they include among them.

        Raises:
            ConfigError: There is no such template, or it is faulty.
        """
        names = self._with_parts(self._name(template_folder, operator) for operator in operators)
        return {name: self._texts[name] for name in sorted(names)}

    def hash(self, *template_folders: str) -> str:
        """Hash of all that prompts of these folders are made of.

        Templates, what they include, and the card; 16 hexadecimal digits, and behind a slash 16 of what the problem tells alone, so that
        one can tell later whose change it was.

        Raises:
            ConfigError: A template is faulty.
        """
        covered = self._with_parts(
            f"{folder}/{operator}.jinja" for folder in template_folders for operator in self.operators(folder)
        )
        parts = [[name, self._texts[name]] for name in sorted(covered)]
        card = asdict(self._card)
        structured = card.pop("structured")  # a setting of the generator
        return f"{_digest([parts, card, *([structured] if structured else [])])}/{_digest(card)}"

    def placeholders(self, template_folder: str, operator: str) -> list[str]:
        """What a template uses of what it is given, sorted.

        Parts that it includes are counted: "card.title", "context.baseline", and so on.

        Raises:
            ConfigError: There is no such template, or it is faulty.
        """
        found: set[str] = set()
        for name in self._with_parts([self._name(template_folder, operator)]):
            tree = self._jinja.parse(self._texts[name], name)
            found |= {node.name for node in tree.find_all(jinja2.nodes.Name) if node.name in _GIVEN}
            for attribute in tree.find_all(jinja2.nodes.Getattr):
                if isinstance(attribute.node, jinja2.nodes.Name) and attribute.node.name in _GIVEN:
                    found.add(f"{attribute.node.name}.{attribute.attr}")
        return sorted(name for name in found if not any(other.startswith(f"{name}.") for other in found))

    def _with_parts(self, names: Iterable[str]) -> set[str]:
        open_names = list(names)
        covered: set[str] = set()
        while open_names:
            name = open_names.pop()
            if name not in covered:
                covered.add(name)
                open_names.extend(self._referenced(name))
        return covered

    def _referenced(self, name: str) -> list[str]:
        """The templates that a template includes, extends or imports."""
        try:
            found = _references(self._texts[name], name)
        except jinja2.TemplateError as error:
            raise self._faulty(name, error) from error
        for other in found:
            if other is None:
                raise ConfigError(
                    f"Prompt template {name!r} includes a template whose name is computed, so that a resumed run could not tell "
                    f"whether it changed; write the name out."
                )
            if other not in self._texts:
                raise self._faulty(name, jinja2.TemplateNotFound(other))
        return [other for other in found if other is not None]

    def _faulty(self, name: str, error: Exception) -> ConfigError:
        if isinstance(error, jinja2.TemplateNotFound):
            return ConfigError(f"Prompt template {name!r} includes {error.name!r}, which does not exist; check the name.")
        if isinstance(error, jinja2.TemplateSyntaxError):
            place = f" (in {error.name!r}, line {error.lineno})"
        else:
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in self._texts]
            place = f" (in {frames[-1].filename!r}, line {frames[-1].lineno})" if frames else ""
        if isinstance(error, SecurityError):
            said = str(error.message).rstrip(".")
            return ConfigError(
                f"Prompt template {name!r} does what a template must not do{place}: {said}; take it out, or ask whoever wrote it."
            )
        words = error.message if isinstance(error, jinja2.TemplateError) else f"{type(error).__name__}: {error}"
        return ConfigError(
            f"Prompt template {name!r} is faulty{place}: {words}; templates know card, facts, parents, operator, edits, instruction and "
            "context."
        )


@functools.lru_cache(maxsize=1000)
def _references(text: str, name: str) -> tuple[str | None, ...]:
    # Asked for every operator of a strategy whenever a run begins, so texts are parsed once a process.
    return tuple(jinja2.meta.find_referenced_templates(jinja2.Environment(autoescape=False).parse(text, name, name)))  # noqa: S701 - only parsed


def _read_templates(folder: Path) -> dict[str, str]:
    try:
        return {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8-sig") for path in sorted(folder.rglob("*.jinja"))
        }
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"A prompt template in {str(folder)!r} cannot be read: {error}; templates are UTF-8 text files."
        ) from error


def _is_ours(error: Exception) -> bool:
    """Whether our code raised it rather than the template.

    What a candidate's source does to us is no fault of whoever wrote the prompt.
    """
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return frame is not None and frame.tb_frame.f_globals.get("__name__") == versioned_code.__module__


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
