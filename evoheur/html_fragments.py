"""Pieces of HTML for notebooks; every foreign word in them is escaped."""

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["code_block", "escaped", "paragraph", "table"]

_CELL = "text-align:{align};padding:2px 10px;border-bottom:1px solid #8884;vertical-align:top"


def escaped(words: str) -> str:
    """Words of any origin as HTML text.

    No tag, entity, escape sequence or direction mark of theirs has an effect.
    """
    return escape("".join(char if char in "\n\t" or char.isprintable() else "?" for char in words))


def paragraph(words: str, *, strong: bool = False, emphasis: bool = False) -> str:
    """A paragraph of foreign words; nothing where there are none.

    Example:
        >>> paragraph("a < b", strong=True)
        '<p style="margin:4px 0"><strong>a &lt; b</strong></p>'
    """
    if not words:
        return ""
    content = escaped(words)
    content = f"<strong>{content}</strong>" if strong else content
    content = f"<em>{content}</em>" if emphasis else content
    return f'<p style="margin:4px 0">{content}</p>'


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> str:
    """A table of foreign words.

    Args:
        headings: Of the columns; none for a table without them.
        rows: Cells, as many a row as there are columns.
        right: Places of the columns whose cells are figures.
    """
    figures = set(right)

    def line(tag: str, cells: Sequence[str]) -> str:
        styles = [_CELL.format(align="right" if place in figures else "left") for place in range(len(cells))]
        shown = "".join(f'<{tag} style="{style}">{escaped(cell)}</{tag}>' for cell, style in zip(cells, styles, strict=True))
        return f"<tr>{shown}</tr>"

    head = f"<thead>{line('th', headings)}</thead>" if headings else ""
    body = "".join(line("td", row) for row in rows)
    return f'<table style="border-collapse:collapse;margin:6px 0">{head}<tbody>{body}</tbody></table>'


def code_block(code: str) -> str:
    """Source text as it stands; a long one scrolls."""
    return (
        '<pre style="margin:6px 0;padding:8px;border:1px solid #8884;border-radius:4px;overflow-x:auto;max-height:28em">'
        f"<code>{escaped(code.strip(chr(10)))}</code></pre>"
    )
