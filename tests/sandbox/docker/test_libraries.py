"""Which shared libraries an image needs."""

from pathlib import Path, PurePosixPath

from evoheur.sandbox.docker.libraries import found_by_loader, shared_libraries

_WORDS = """/opt/py/lib/a.so:
\tlinux-vdso.so.1 (0x00007ffd0b5f2000)
\tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f2b5a200000)
\tlibgone.so.3 => not found
\tlibown.so => /opt/py/lib/x/../libown.so (0x00007f2b5a100000)
/opt/py/lib/b.so:
\tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f2b5a200000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f2b5a400000)
/opt/py/bin/script:
\tnot a dynamic executable
"""


def test_what_the_loader_says() -> None:
    """Each library once, its path made straight; what the kernel gives and what is missing is left out."""
    assert found_by_loader(_WORDS) == [
        Path("/lib/x86_64-linux-gnu/libz.so.1"),
        Path("/lib64/ld-linux-x86-64.so.2"),
        Path("/opt/py/lib/libown.so"),
    ]


def test_the_libraries_of_a_real_program() -> None:
    """The C library keeps its path; nothing is listed that is in the tree already."""
    program = Path("/proc/self/exe").resolve()
    found = shared_libraries({PurePosixPath("/bin/python3"): program}, base=Path("/nowhere"), prefix=PurePosixPath("/usr/local"))
    [libc] = [path for path in found if path.name.startswith(("libc.so", "libc.musl", "ld-musl"))]
    again = {PurePosixPath("/bin/python3"): program, **found}
    assert libc.is_absolute()
    assert shared_libraries(again, base=Path("/nowhere"), prefix=PurePosixPath("/usr/local")) == {}


def test_libraries_of_python_move_with_it() -> None:
    """What is installed under Python's own folder is found under the new one."""
    program = Path("/proc/self/exe").resolve()
    found = shared_libraries({PurePosixPath("/bin/python3"): program}, base=Path("/"), prefix=PurePosixPath("/moved"))
    assert found
    assert all(path.is_relative_to("/moved") for path in found)
