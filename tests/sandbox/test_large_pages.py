"""Large pages."""

import mmap

from evoheur.sandbox.large_pages import join_pages, private_memory

SIZE = 8 << 20


def test_memory_is_what_it_was_whether_the_kernel_joins_its_pages_or_not() -> None:
    """A fresh mapping of 8 MiB is found, but for its ragged ends, and keeps its content."""
    memory = mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory[:] = content = bytes(range(256)) * (SIZE // 256)
    stretches = private_memory()
    assert sum(length for _, length in stretches) >= SIZE - (4 << 20)
    assert all(first % (2 << 20) == 0 and length % (2 << 20) == 0 and length > 0 for first, length in stretches)
    join_pages(stretches)
    assert memory[:] == content
    memory.close()


def test_addresses_that_are_not_mapped_do_no_harm() -> None:
    """As in a guest whose memory has changed since it was listed."""
    first, length = 1 << 46, 2 << 20
    assert all(known + size <= first or first + length <= known for known, size in private_memory())
    join_pages([(first, length)])
