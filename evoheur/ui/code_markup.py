"""Code and changes of code in colours, as HTML in which everything of theirs is escaped."""

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import DiffLexer, PythonLexer

from evoheur.observers.number_text import printable

__all__ = ["changes_markup", "code_markup"]

_COLOURED = 60_000  # characters; beyond them a highlighter takes longer than anybody reads
_FORMAT = HtmlFormatter(nowrap=True, classprefix="code-")


def code_markup(code: str) -> Markup:
    """Python source for a `<pre>`; what is unprintable in it stands as "?"."""
    return _marked(code, PythonLexer(ensurenl=False, stripnl=False))


def changes_markup(changes: str) -> Markup:
    """Changes as `diff -u` writes them, for a `<pre>`."""
    return _marked(changes, DiffLexer(ensurenl=False, stripnl=False))


def _marked(text: str, lexer: PythonLexer | DiffLexer) -> Markup:
    shown = printable(text)
    if len(shown) > _COLOURED:
        return Markup.escape(shown)
    marked = highlight(f"{shown}\n", lexer, _FORMAT)  # a last line without an end would be marked as a fault
    return Markup(marked.removesuffix("\n"))  # noqa: S704 - the formatter escapes all text
