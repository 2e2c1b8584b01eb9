"""The example package of `tests/example_plugins`, installed into a folder as pip does it: modules, templates and declarations."""

import os
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.end_to_end.support.runs import evoheur

__all__ = ["EXAMPLE", "add_declarations", "evoheur_with", "install_example"]

EXAMPLE = Path(__file__).parents[1] / "example_plugins"


def install_example(site: Path) -> Path:
    """Copy the package and write what its pyproject.toml declares; that pip leaves the same is a slow test of its own."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    shutil.copytree(EXAMPLE / "mylab", site / "mylab", ignore=shutil.ignore_patterns("__pycache__"))
    add_declarations(site, project["name"], project["version"], project["entry-points"])
    return site


def add_declarations(site: Path, name: str, version: str, groups: Mapping[str, Mapping[str, str]]) -> None:
    """Write the metadata of a distribution with these entry points."""
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    text = "".join(
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in points.items()) for group, points in groups.items()
    )
    (info / "entry_points.txt").write_text(text)


def evoheur_with(site: Path, *words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command where that folder is on the path, as a site-packages is."""
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    return evoheur(*words, cwd=cwd, env={"PYTHONPATH": path}, timeout=280)
