"""Modules that come out of memory."""

import importlib.util
import os
import py_compile
import sys
from pathlib import Path

import pytest

from evoheur.sandbox.walls.module_shelf import Shelf, Volume
from tests.sandbox.walls.support.another_process import printed_by

_LATE = """
import sys
import numpy
from evoheur.sandbox.walls.privileges import renounce_new
from evoheur.sandbox.walls.seccomp import child_filter, install
from evoheur.sandbox.walls.module_shelf import Shelf
from evoheur.sandbox.walls.architecture import this_architecture
shelf = Shelf.of(["numpy", "no_such_library"])
before = set(sys.modules)
shelf.load_machine_code()
assert set(sys.modules) == before
maps = open("/proc/self/maps").read()
print("_decimal" in maps and "numpy/random/_sfc64" in maps)
shelf.replace_files()
renounce_new()
install(child_filter(this_architecture()))
"""

# What heuristics import, and what numpy has besides its own top: all of it without a file, under the real filter.
_STANDARD = """
abc array bisect cmath collections collections.abc contextlib copy copyreg csv dataclasses datetime decimal difflib enum fractions
functools graphlib hashlib heapq inspect io itertools json logging math numbers operator pprint queue random re secrets statistics string
struct textwrap threading time timeit traceback types typing uuid warnings weakref xml.dom.minidom zlib sqlite3 concurrent.futures
""".split()  # noqa: SIM905 - fifty quotation marks would hide the words
_NUMPY = "fft linalg ma polynomial random random.mtrand testing typing lib.stride_tricks lib.recfunctions lib.scimath rec char ctypeslib"


def test_whatever_is_imported_comes_without_a_file() -> None:
    """Modules of the standard library and NumPy, compiled ones included; a file that asks for one fails, what is not there is missing."""
    names = [*_STANDARD, *(f"numpy.{name}" for name in _NUMPY.split())]
    source = _LATE + (
        f"import importlib\nfor name in {names!r}:\n    importlib.import_module(name)\n"
        "import numpy.polynomial\nprint(numpy.polynomial.__file__.endswith('__init__.py'), numpy.random.default_rng(1).random() > 0)\n"
        "for name in ('pytest', 'evoheur.sandbox.jail', 'numpy.tests', 'numpy.no_such_module', 'test.support'):\n"
        "    try:\n        importlib.import_module(name)\n    except ModuleNotFoundError as error:\n        print(error)\n"
        "try:\n    open(numpy.__file__)\nexcept PermissionError:\n    print('no file')\n"
    )
    assert printed_by(source).split("\n") == [
        "True",
        "True True",
        "No module named 'pytest'",
        "No module named 'evoheur.sandbox.jail'",
        "No module named 'numpy.tests'",
        "No module named 'numpy.no_such_module'",
        "No module named 'test'",
        "no file",
    ]


def test_only_named_libraries_that_are_imported() -> None:
    """What is installed beside them, and a project's own code, is not taken in; nor what is there already."""
    shelf = Shelf.of(["numpy", "no_such_library"])
    found = {
        name for name in ("xml.dom.pulldom", "this", "pytest", "evoheur.sandbox.jail", "tests.sandbox") if shelf.find_spec(name)
    }
    assert found == {"xml.dom.pulldom", "this"} - set(sys.modules)
    assert shelf.find_spec("os") is None


def test_packages_and_their_places() -> None:
    """A package says where it lay, and that other modules lie beneath it."""
    source = (
        "from evoheur.sandbox.walls.module_shelf import Shelf\nspec = Shelf.of([]).find_spec('email.mime')\n"
        "print(spec.submodule_search_locations == [spec.origin.removesuffix('/__init__.py')], spec.loader.is_package('email.mime'))"
    )
    assert printed_by(source) == "True True"


@pytest.mark.parametrize("state", ["never compiled", "compiled", "changed since", "unchecked", "cut off"])
def test_what_the_source_says_counts(tmp_path: Path, state: str) -> None:
    """The compiled file is taken where it is that of the source, by the interpreter's own rules; if not, the source is."""
    path = tmp_path / "module.py"
    path.write_text("x = 'old'")
    compiled = Path(importlib.util.cache_from_source(str(path)))
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH if state == "unchecked" else py_compile.PycInvalidationMode.TIMESTAMP
    if state != "never compiled":
        py_compile.compile(str(path), invalidation_mode=mode)
    if state in {"changed since", "unchecked"}:
        before = path.stat().st_mtime
        path.write_text("x = 'newer'")
        os.utime(path, (before + 10, before + 10))
    if state == "cut off":
        compiled.write_bytes(compiled.read_bytes()[:8])
    namespace: dict[str, object] = {}
    volume = Volume(str(path), package=False)
    path.unlink()
    exec(volume.code(), namespace)
    assert namespace["x"] == ("newer" if state == "changed since" else "old")
