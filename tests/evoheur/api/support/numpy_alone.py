"""A Python that has NumPy and nothing else to import, and certainly no evoheur."""

import subprocess
import sys
import venv
from pathlib import Path

import numpy as np

__all__ = ["ran", "with_numpy_alone"]


def with_numpy_alone(folder: Path) -> Path:
    """Make a virtual environment in a folder; its Python."""
    venv.create(folder, with_pip=False, symlinks=True)
    [site] = folder.glob("lib/python*/site-packages")
    installed = Path(np.__file__).parents[1]
    for name in ("numpy", "numpy.libs"):
        if (installed / name).exists():
            (site / name).symlink_to(installed / name)
    return folder / "bin" / "python"


def ran(python: Path, *arguments: str | Path) -> str:
    """What a Python prints, isolated from the folder and variables of this process.

    Raises:
        AssertionError: It failed; with what it said.
    """
    done = subprocess.run([python, "-I", *arguments], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


if __name__ == "__main__":
    sys.stdout.write(f"{with_numpy_alone(Path(sys.argv[1]))}\n")
