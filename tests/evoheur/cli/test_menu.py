"""The menu is read off the commands' own docstrings."""

import ast
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

from evoheur.cli import commands
from evoheur.cli.commands import ORDER
from evoheur.cli.menu import read_help, summary_of
from tests.evoheur.cli.support.invoking import evoheur


def module_of(name: str) -> ModuleType:
    return importlib.import_module(f"{commands.__name__}.{name.replace('-', '_')}")


def test_every_module_of_the_folder_is_in_the_menu_once() -> None:
    assert sorted(ORDER) == sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__))


@pytest.mark.parametrize("name", ORDER)
def test_the_overview_says_what_the_help_says(name: str) -> None:
    """A command's function, or a group's module, begins its help with the line of the overview."""
    module = module_of(name)
    documented = getattr(module, name.replace("-", "_"), module)
    assert summary_of(name) == read_help(documented.__doc__ or "").summary
    assert 0 < len(summary_of(name).split()) <= 12
    assert summary_of(name) in " ".join(evoheur(name, "--help").out.replace("│", " ").split())


@pytest.mark.parametrize("name", ORDER)
def test_every_command_has_one_example_of_itself(name: str) -> None:
    module, own = module_of(name), name.replace("-", "_")
    found = {f"{name} {sub}": function for sub, function in getattr(module, "SUBCOMMANDS", {}).items()}
    found |= {name: getattr(module, own)} if hasattr(module, own) else {}
    for words, function in found.items():
        help_of = read_help(function.__doc__ or "")
        assert help_of.example.startswith(f"evoheur {words}"), words
        assert "\n" not in help_of.example
        assert "Example:" not in help_of.text
        assert f"Example: {help_of.example}" in " ".join(evoheur(*words.split(), "--help").out.split())


def test_a_docstring_without_an_example_is_all_text() -> None:
    assert read_help("List the runs.\n\n    Oldest first.") == ("List the runs.\n\nOldest first.", "")


def test_no_command_reaches_past_its_docstring_for_its_help() -> None:
    """No second place says what a command does."""
    for file in Path(next(iter(commands.__path__))).glob("*.py"):
        keywords = {
            keyword.arg
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Call) and "Typer" in ast.unparse(node.func)
            for keyword in node.keywords
        }
        assert not keywords & {"help", "epilog"}, file.name
