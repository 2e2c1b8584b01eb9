"""Reading streams of items from files."""

from pathlib import Path

from evoheur.problems.packing.files import ItemsRead, read_packing_files

from .instance import BinPackingInstance

__all__ = ["read_streams"]


def read_streams(path: Path) -> list[BinPackingInstance]:
    """Read a file or a folder of them, smallest stream first.

    Items arrive in the file's order.

    Args:
        path: Of a form in `evoheur.problems.packing.formats.FORMATS`.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does, or PartlyRead where some files of a folder cannot be read.
    """
    return read_packing_files(path, _stream, size=lambda stream: stream.items.size).complete()


def _stream(read: ItemsRead) -> BinPackingInstance:
    return BinPackingInstance(name=read.name, family=read.family, capacity=read.capacity, items=read.items)
