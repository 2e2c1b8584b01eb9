"""Pages of mapped files that nobody has read yet."""

from pathlib import Path

import pytest

from tests.sandbox.walls.support.another_process import printed_by

_COLD = """
import ctypes, mmap, os
from evoheur.sandbox.walls.mapped_files import MappedFiles
libc = ctypes.CDLL(None, use_errno=True)
file = open({path!r}, "r+b")
os.fsync(file.fileno())
mapped = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE)
first, size = ctypes.addressof(ctypes.c_char.from_buffer(mapped)), len(mapped)
def in_memory():
    # The share of the file's pages that is, as the kernel tells its owner.
    answer = (ctypes.c_ubyte * (size // mmap.PAGESIZE))()
    assert libc.mincore(ctypes.c_void_p(first), ctypes.c_size_t(size), answer) == 0
    return sum(page & 1 for page in answer) / len(answer)
def forget():
    mapped.madvise(mmap.MADV_DONTNEED)
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
forget()
files = MappedFiles()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of 8 MiB that is nowhere else in memory."""
    place = tmp_path / "library"
    place.write_bytes(bytes(range(256)) * (8 << 12))
    return place


def _told(path: Path, source: str) -> list[str]:
    before, *others = printed_by(_COLD.format(path=str(path)) + source).split()
    if float(before) == 1.0:
        pytest.skip("on a file system in memory no page is ever cold")
    return others


def test_every_page_is_read(path: Path) -> None:
    """Mapping a file reads none or some of its pages; none of the others may wait for a candidate to be the first."""
    assert _told(path, "print(in_memory())\nfiles.read()\nprint(in_memory())") == ["1.0"]


def test_pages_that_were_dropped_come_back(path: Path) -> None:
    """By way of memory, since the file cannot be opened any more; not at every single fork, which would cost too much."""
    source = (
        "files.read()\nfiles.read_again()\nforget()\nprint(in_memory())\nos.unlink(file.name)\n"
        "files.read_again()\nprint(in_memory() < 1)\n"
        "files = MappedFiles()\nfiles.read_again()\nprint(in_memory())"
    )
    assert _told(path, source) == ["True", "1.0"]


def test_only_files_count() -> None:
    """Memory that no file is behind, the kernel's own pages, and what cannot be read are left alone."""
    source = (
        "from evoheur.sandbox.walls.mapped_files import MappedFiles\n"
        "files = MappedFiles('''\n"
        "10000000-10001000 rw-p 00000000 00:00 0 \n"
        "20000000-20001000 r-xp 00000000 00:00 0                  [vdso]\n"
        "30000000-30001000 ---p 00000000 fd:00 12                 /usr/lib/hole.so\n"
        "40000000-40002000 r--p 00000000 fd:00 12                 /usr/lib/no such file.so (deleted)\n"
        "''')\nfiles.read()\nprint(files.paths, files.stretches)"
    )
    assert printed_by(source) == "['/usr/lib/no such file.so (deleted)'] [(1073741824, 8192)]"
