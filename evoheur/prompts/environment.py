"""The jinja environment of prompts, in which templates only write.

Templates are text that somebody may have been handed, so they can write, and do nothing else. jinja's own sandbox keeps them from the
interpreter's insides. What it leaves open is work without end (loops in loops, macros that call themselves, a string times a billion),
which is counted here.
"""

import functools
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["MAX_PROMPT", "MAX_STEPS", "MAX_WIDTH", "PromptEnvironment"]

MAX_PROMPT = 1_000_000
"""Longest prompt, and longest text on the way to one, in characters: more than any model reads."""
MAX_STEPS = 100_000
"""Most turns of loops, calls and inclusions in one prompt; the shipped templates need some hundred."""
MAX_WIDTH = 10_000
"""Largest width that text is padded to, and largest power that a number is raised to."""

_MOST_COMPILED = 1000
_COUNTED, _CHECKED = "evoheur_counted", "evoheur_checked"  # filters that only the environment itself uses
_WIDE = re.compile(r"\d{5,}|%[^%a-zA-Z]*\*|\{[^{}]*\{")
_TAKING_WIDTHS = frozenset({"batch", "center", "indent", "slice", "wordwrap"})
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "*": operator.mul,
    "**": operator.pow,
    "%": operator.mod,
    "+": operator.add,
}


class _CompiledTemplates(jinja2.BytecodeCache):
    """What templates compile to, kept for the other runs of this process: every run begins with the same ones."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled from the same text under the same name."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, among so many."""
        if len(self._codes) >= _MOST_COMPILED:
            self._codes.clear()
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _CompiledTemplates()


class PromptEnvironment(ImmutableSandboxedEnvironment):
    """Renders templates by name, one at a time.

    Args:
        texts: Name → template.
        filters: Further filters.
    """

    intercepted_binops = frozenset(_OPERATORS)

    def __init__(self, texts: Mapping[str, str], filters: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(
            loader=jinja2.FunctionLoader(lambda name: (texts[name], name, lambda: True) if name in texts else None),
            undefined=jinja2.StrictUndefined,
            autoescape=False,  # prompts are plain text: "<" must stay "<"
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_COMPILED,
        )
        self._steps = 0
        self.globals.pop("lipsum")  # no prompt needs it, and it writes as much as it is told to
        self.filters.update(filters)
        self.filters = {name: _within_limits(name, made) for name, made in self.filters.items()}
        self.filters.update({_COUNTED: self._counted, _CHECKED: _checked})

    def write(self, name: str, given: Mapping[str, Any]) -> str:
        """Render a template.

        Args:
            name: Of the template.
            given: What it may use.

        Raises:
            jinja2.TemplateError: It is faulty, reaches for what is not its own, or does not come to an end.
        """
        self._steps = 0
        pieces: list[str] = []
        length = 0
        for piece in self.get_template(name).generate(given):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_PROMPT:
                raise SecurityError(f"the prompt is longer than {MAX_PROMPT:,} characters")
        return "".join(pieces)

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> jinja2.Template:  # noqa: A002 - jinja's name
        """Find a template; counts, since templates may include one another."""
        self._step()
        return super().get_template(name, parent, globals)

    def call(self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: PYI063 - as jinja declares it
        """Call what a template calls, within limits."""
        self._step()
        if isinstance(getattr(__obj, "__self__", None), str):
            _check_widths(*args, *kwargs.values())
        return _checked(super().call(__context, __obj, *args, **kwargs))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Guard `str.format`, within limits."""
        wrapped = super().wrap_str_format(value)
        if wrapped is not None:
            _check_format(value.__self__)
        return wrapped

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        """Multiply, raise, format or add, within limits."""
        if operator == "%":
            _check_format(left)
        elif operator == "*":
            _check_product(left, right)
        elif operator == "**" and isinstance(right, int):
            _check_widths(right)
        return _checked(_OPERATORS[operator](left, right))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = _filtered(loop.iter, _COUNTED)
        for joined in tree.find_all(nodes.Concat):  # `a ~ b` is no operator to be intercepted
            joined.nodes = [_filtered(part, _CHECKED) for part in joined.nodes]
        return tree

    def _counted(self, values: Iterable[Any]) -> Any:
        # What has a length keeps it: templates ask for `loop.last`. Turns are counted where they are made.
        return _Counted(values, self._step)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise SecurityError(f"the template takes more than {MAX_STEPS:,} steps")


class _Counted:
    """An iterable that counts its turns."""

    def __init__(self, values: Iterable[Any], step: Callable[[], None]) -> None:
        self._values = values
        self._step = step

    def __iter__(self) -> Iterator[Any]:
        for value in self._values:
            self._step()
            yield value


def _filtered(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno, environment=node.environment)


def _within_limits(name: str, filtered: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(filtered)  # takes along how jinja marks filters that want its context
    def limited(*args: Any, **kwargs: Any) -> Any:
        if name in _TAKING_WIDTHS:
            _check_widths(*args, *kwargs.values())
        elif name == "format":
            _check_format(args[0])
        return _checked(filtered(*args, **kwargs))

    return limited


def _check_widths(*arguments: Any) -> None:
    for argument in arguments:
        if isinstance(argument, int) and abs(argument) > MAX_WIDTH:
            raise SecurityError(f"a width, count or power is larger than {MAX_WIDTH:,}")


def _check_format(text: Any) -> None:
    if isinstance(text, str) and _WIDE.search(text):
        raise SecurityError("a format has a width of five digits or more, or one that is computed")


def _check_product(left: Any, right: Any) -> None:
    for many, times in ((left, right), (right, left)):
        if isinstance(many, Sized) and isinstance(times, int) and len(many) * times > MAX_PROMPT:
            raise SecurityError(f"a product is longer than {MAX_PROMPT:,}")
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > MAX_WIDTH:
        raise SecurityError("a product has more digits than can be written")


def _checked(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MAX_PROMPT:
        raise SecurityError(f"a text is longer than {MAX_PROMPT:,} characters")
    return value
