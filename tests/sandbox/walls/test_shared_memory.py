"""Finding memory that a fork does not copy."""

import mmap

from evoheur.sandbox.walls.shared_memory import shared_memory

_MAPPINGS = """\
55f0c8a00000-55f0c8a01000 r--p 00000000 fe:00 131 /usr/bin/python3.11
7f8a10000000-7f8a10021000 rw-p 00000000 00:00 0
7f8a12000000-7f8a12001000 r--s 00000000 fe:00 7 /usr/lib/locale/archive
7f8a14000000-7f8a14001000 rw-s 00000000 00:01 1024 /dev/zero (deleted)
7f8a16000000-7f8a16001000 -w-s 00000000 00:19 5 /dev/shm/plasma store
7f8a18000000-7f8a18001000 rwxs 00000000 00:00 0
"""


def test_only_what_is_writable_and_shared_counts() -> None:
    """Private memory is copied, and what cannot be written carries nothing."""
    assert shared_memory(_MAPPINGS) == ["/dev/zero (deleted)", "/dev/shm/plasma store", "anonymous"]


def test_this_process() -> None:
    """A mapping is found while it exists."""
    before = len(shared_memory())
    with mmap.mmap(-1, 4096):
        assert len(shared_memory()) == before + 1
    assert len(shared_memory()) == before
