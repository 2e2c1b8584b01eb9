"""Heuristics that are kept for use: those that ship with evoheur, and one's own.

Each is two files in a folder: the code, NAME.py, and what is known of it, NAME.json.
"""

import json
import keyword
import os
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from evoheur.components import nearest
from evoheur.documents.document_model import plain_json
from evoheur.documents.gallery_document import GalleryDocument
from evoheur.errors import ConfigError
from evoheur.text_files import read_text

__all__ = [
    "FOLDER_VARIABLE",
    "PREFIX",
    "GalleryEntry",
    "add_entry",
    "check_entry_name",
    "entry_named",
    "gallery_entries",
    "own_folder",
]

PREFIX = "gallery:"
"""What the name of an entry has before it where a heuristic is asked for."""

FOLDER_VARIABLE = "EVOHEUR_GALLERY"
"""Names the folder of one's own entries; else it is `evoheur/gallery` where programs keep their data."""

_SHIPPED = Path(__file__).parents[1] / "gallery" / "heuristics"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryEntry:
    """A heuristic, and what is known of it.

    Attributes:
        document: What is known.
        code: Its source.
        file: Of the source.
        shipped: Whether it came with evoheur.
    """

    document: GalleryDocument
    code: str
    file: Path
    shipped: bool


def own_folder() -> Path:
    """The folder of one's own entries; it need not be there."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "evoheur" / "gallery"


def gallery_entries() -> dict[str, GalleryEntry]:
    """Name → entry; those that ship, then one's own, each by name.

    Raises:
        ConfigError: An entry of one's own is damaged; names the file.
    """
    found: dict[str, GalleryEntry] = {}
    for folder, shipped in ((_SHIPPED, True), (own_folder(), False)):
        for file in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            found.setdefault(file.stem, _read(file, shipped=shipped))
    return found


def entry_named(name: str) -> GalleryEntry:
    """Find an entry.

    Raises:
        ConfigError: There is none of that name.
    """
    entries = gallery_entries()
    if name not in entries:
        known = f"there are: {', '.join(entries)}" if entries else "the gallery is empty"
        raise ConfigError(f"There is no heuristic {name!r}{nearest(name, list(entries))} in the gallery; {known}.")
    return entries[name]


def check_entry_name(name: str) -> None:
    """See that a name can be an entry's, which is a name in Python, too.

    Raises:
        ConfigError: It cannot.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ConfigError(f"The name is {name!r:.80}; begin with a small letter, then small letters, digits and underscores.")


def add_entry(code: str, document: GalleryDocument, folder: Path | None = None, *, replace: bool = False) -> Path:
    """Write an entry.

    Args:
        code: The heuristic's source.
        document: What is known of it.
        folder: Where; one's own by default, made if it is not there.
        replace: Whether an entry of that name may go.

    Returns:
        The file of the code.

    Raises:
        ConfigError: The name is none, there is such an entry already, or the folder cannot be written.
    """
    check_entry_name(document.name)
    folder = folder or own_folder()
    file = folder / f"{document.name}.py"
    taken = document.name in gallery_entries() if folder == own_folder() else file.exists()
    if taken and not replace:
        raise ConfigError(
            f"The gallery has a heuristic {document.name!r} already; give another name, or replace it with --force."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{code.strip()}\n", encoding="utf-8")
        text = json.dumps(plain_json(document), indent=2, ensure_ascii=False)
        file.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(error.filename)!r} cannot be written ({error.strerror}); name another folder.") from error
    return file


def _read(file: Path, *, shipped: bool) -> GalleryEntry:
    text = read_text(file, what="gallery entry", most_mib=1)
    source = file.with_suffix(".py")
    code = read_text(source, what="heuristic of a gallery entry", most_mib=1, remedy=f"put it beside {file.name}, or remove that")
    try:
        document = GalleryDocument.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the document"
        raise ConfigError(f"{file} is no gallery entry ({place}: {first['msg']}); add it again, or remove the file.") from error
    return GalleryEntry(document=document, code=code, file=source, shipped=shipped)
