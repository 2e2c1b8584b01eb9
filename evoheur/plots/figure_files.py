"""Figures as files: PDF, SVG or PNG, equal ones for equal figures."""

from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from evoheur import ConfigError
from evoheur.plots.figure_style import styled

__all__ = ["SUFFIXES", "check_figure_file", "figure_bytes", "inline_svg", "save_figure"]

_METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"Creator": "evoheur", "CreationDate": None, "ModDate": None},
    "svg": {"Creator": "evoheur", "Date": None},
    "png": {"Software": None},
}
SUFFIXES = tuple(f".{kind}" for kind in _METADATA)
"""Of the files that figures can be."""


def check_figure_file(path: Path) -> None:
    """See that a figure can be of this name, before any work is done.

    Raises:
        ConfigError: Its suffix is none of `SUFFIXES`, or there is no such folder.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigError(f"{str(path)!r} says no kind of figure that can be written; end it in {', '.join(SUFFIXES)}.")
    if not path.parent.is_dir():
        raise ConfigError(f"There is no folder {str(path.parent)!r} to write {path.name!r} to; make it first, or name another.")


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure to a file, of the kind that its suffix says.

    Nothing is written if it cannot be drawn. No date and no name of a machine is in the file.

    Raises:
        ConfigError: The file cannot be of this name, or cannot be written.
    """
    target = Path(path)
    check_figure_file(target)
    content = figure_bytes(figure, target.suffix.lower()[1:])
    try:
        target.write_bytes(content)
    except OSError as error:
        raise ConfigError(f"{str(target)!r} cannot be written ({error.strerror}); name a file that you may write.") from error


def figure_bytes(figure: Figure, kind: str, **look: Any) -> bytes:
    """The content of a figure's file.

    Args:
        figure: To be drawn.
        kind: "pdf", "svg" or "png".
        look: As `styled` takes it.
    """
    stream = BytesIO()
    with styled(**look):
        figure.savefig(stream, format=kind, metadata=_METADATA[kind])
    return stream.getvalue()


def inline_svg(figure: Figure, salt: str) -> str:
    """A figure as an SVG element for a page, with words that can be selected and searched.

    Args:
        figure: To be drawn.
        salt: Unique in the page, so that the parts of two figures do not take each other's names.
    """
    text = figure_bytes(figure, "svg", svg__fonttype="none", svg__hashsalt=salt).decode()
    return text[text.index("<svg") :]
