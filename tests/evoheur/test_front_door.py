"""`import evoheur`: light for guests, whole for people, and the same for type checkers; the command line comes in by it."""

import ast
import importlib
import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import evoheur

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
HEAVY = ("numpy", "numba", "scipy", "pydantic", "sqlalchemy", "alembic", "openai", "jinja2", "typer", "rich")
OPEN = {"evoheur.api", "evoheur.charts", "evoheur.documents", "evoheur.observers", "evoheur.report"}
OPEN_TO = {
    "The command line comes through the front door": OPEN | {"evoheur.cli", "evoheur.plots", "evoheur.ui"},
    "Figures come through the front door": OPEN | {"evoheur.plots"},
    "The web view comes through the front door": OPEN | {"evoheur.cli", "evoheur.ui"},
}


def test_importing_evoheur_imports_nothing_heavy() -> None:
    """Guests import it, and must neither hold nor wait for databases, compilers and clients."""
    program = "import sys, evoheur; evoheur.__all__; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not [name for name in HEAVY if f"'{name}'" in done.stdout]
    assert "'evoheur.errors'" not in done.stdout


@pytest.mark.parametrize("name", evoheur.__all__)
def test_every_promised_name_is_there(name: str) -> None:
    assert getattr(evoheur, name) is not None
    assert name in dir(evoheur)


def test_type_checkers_see_what_programs_get() -> None:
    """The block for type checkers, the table of modules and `__all__` name the same."""
    tree = ast.parse(Path(evoheur.__file__).read_text())
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    assert ast.unparse(block.test) == "TYPE_CHECKING"
    seen = {(node.module, alias.name) for node in ast.walk(block) if isinstance(node, ast.ImportFrom) for alias in node.names}
    got = {(module, name) for module, names in evoheur._HOMES.items() for name in names}
    assert seen == got
    assert {name for _, name in got} | {"__version__"} == set(evoheur.__all__)


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'evoheur' has no attribute 'discoverr'"):
        evoheur.discoverr  # noqa: B018
    assert not hasattr(evoheur, "__wrapped__")


def test_the_version_is_the_distribution_s() -> None:
    assert evoheur.__version__ == tomllib.loads(PYPROJECT.read_text())["project"]["version"]


def contract(name: str) -> dict[str, Any]:
    settings = tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]
    [found] = [contract for contract in settings["contracts"] if contract["name"] == name]
    return dict(found)


@pytest.mark.parametrize("name", OPEN_TO)
def test_the_contracts_of_the_front_door_leave_out_no_module(name: str) -> None:
    """A package that is added later is closed to commands and figures until somebody opens it on purpose."""
    there = {f"evoheur.{module.name}" for module in pkgutil.iter_modules(evoheur.__path__)} - {"evoheur.__main__"}
    closed = set(contract(name)["forbidden_modules"])
    assert there - closed - OPEN_TO[name] == set()
    assert closed & OPEN_TO[name] == set()


def test_every_module_of_the_door_says_what_it_promises() -> None:
    for module in pkgutil.walk_packages(importlib.import_module("evoheur.api").__path__, "evoheur.api."):
        found = importlib.import_module(module.name)
        assert found.__all__, module.name
        assert all(hasattr(found, name) for name in found.__all__), module.name
