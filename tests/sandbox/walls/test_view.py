"""What stays in sight."""

import os
from pathlib import Path

import numpy as np

from sandbox.walls.view import runtime_view
from tests.sandbox.walls.another_process import printed_by


def test_runtime_view() -> None:
    """The standard library, and named libraries that are imported; not what else is installed, nor a project's own code."""
    view = runtime_view(["numpy", "no_such_library"])
    assert set(view.folders) >= {Path(os.__file__).parent, Path(np.__file__).parent}
    assert not [folder for folder in view.folders if folder.name in {"site-packages", "dist-packages"}]
    assert not [folder for folder in view.folders if Path(__file__).is_relative_to(folder)]
    assert runtime_view([]).folders == view.folders[:-1]


def test_hidden_folders() -> None:
    """Where packages are installed inside the standard library, that part of it is hidden."""
    standard = Path(os.__file__).parent
    hidden = {standard / name for name in ("site-packages", "dist-packages") if (standard / name).is_dir()}
    assert set(runtime_view([]).hidden) == hidden


_LATE = """
import sys
import numpy
from sandbox.walls.view import runtime_view, load_machine_code, forget_other_modules
view = runtime_view(["numpy"])
before = set(sys.modules)
load_machine_code(view)
assert set(sys.modules) == before
maps = open("/proc/self/maps").read()
print("_decimal" in maps and "numpy/random/_sfc64" in maps)
forget_other_modules(view)
import xml.dom.minidom, numpy.polynomial, decimal
try:
    import pytest
except ModuleNotFoundError:
    print("no pytest")
"""


def test_machine_code_is_loaded_without_being_imported() -> None:
    """Extension modules are in memory before anyone imports them; modules out of view are missing, those in view are not."""
    assert printed_by(_LATE).split("\n") == ["True", "no pytest"]
