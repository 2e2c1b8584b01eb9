"""Entry points: found on the path of the moment, and no name has two owners."""

from pathlib import Path

import pytest

from evoheur.components import resolve
from evoheur.errors import ConfigError
from evoheur.installed_plugins import GROUPS, InstalledPlugin, installed_plugins, target_of
from evoheur.strategies.strategy import BUILTIN_STRATEGIES
from tests.support.example_site import add_declarations, install_example


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that this process takes for one of installed packages."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_what_a_package_declares_is_found(site: Path) -> None:
    add_declarations(site, "mylab", "1.0", {"evoheur.strategies": {"greedy": "mylab.greedy : GreedyConfig"}})
    plugin = InstalledPlugin(what="strategy", name="greedy", target="mylab.greedy:GreedyConfig", package="mylab 1.0")
    assert plugin in installed_plugins("strategy")
    assert target_of("greedy", BUILTIN_STRATEGIES, what="strategy") == "mylab.greedy:GreedyConfig"


def test_every_kind_of_part_has_a_group(site: Path) -> None:
    install_example(site)
    found = {what for what in GROUPS if any(plugin.package == "mylab 1.0" for plugin in installed_plugins(what))}
    assert found == set(GROUPS) - {"optimiser"}


def test_a_name_that_ships_cannot_be_declared_again(site: Path) -> None:
    """Neither one is taken in silence, whatever it would be; both are named, and both can be had by their classes."""
    add_declarations(site, "otherlab", "2.1", {"evoheur.strategies": {"eoh": "otherlab:EohConfig"}})
    with pytest.raises(
        ConfigError, match=r"evoheur\.strategies\.eoh:EohConfig of evoheur itself and otherlab:EohConfig of otherlab"
    ):
        resolve("eoh", BUILTIN_STRATEGIES, what="strategy")
    assert resolve("evoheur.strategies.eoh:EohConfig", {}, what="strategy").__name__ == "EohConfig"


def test_an_unknown_name_lists_the_installed_ones(site: Path) -> None:
    add_declarations(site, "mylab", "1.0", {"evoheur.strategies": {"greedy": "mylab.greedy:GreedyConfig"}})
    with pytest.raises(
        ConfigError, match=r"Unknown strategy kind 'gredy' \(did you mean 'greedy'\?\); known: random, .*, greedy, or"
    ):
        resolve("gredy", BUILTIN_STRATEGIES, what="strategy")
