"""Where a strategy's templates lie: beside its module, or with the strategy that it derives from."""

from pathlib import Path
from typing import Any

import pytest

from evoheur.components import resolve_kind
from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Request
from evoheur.strategies.portfolio import PortfolioConfig
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig

SOURCE = """
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.strategy import StrategyConfig

class OwnConfig(StrategyConfig):
    kind: str = "{name}:OwnConfig"

    def build(self, baseline, rng):
        return None

class DerivedConfig(EohConfig):
    kind: str = "{name}:DerivedConfig"
"""


def config_of(folder: Path, name: str, class_name: str, templates: dict[str, str]) -> StrategyConfig:
    """A strategy in a module of a name that no other test uses, with its templates beside it."""
    (folder / f"{name}.py").write_text(SOURCE.format(name=name))
    for template, text in templates.items():
        path = folder / "prompts" / name / template
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    kind = f"{name}:{class_name}"
    found: Any = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy", folder=folder)
    made: StrategyConfig = found(kind=kind)
    return made


def library(config: StrategyConfig, folder: Path | None = None) -> PromptLibrary:
    return PromptLibrary(ProblemCard.from_problem(load_problem("bin_packing_online")), folder, config.own_templates)


@pytest.mark.parametrize("kind", [kind for kind in BUILTIN_STRATEGIES if kind != "portfolio"])
def test_a_strategy_that_ships_has_the_folder_of_its_kind(kind: str) -> None:
    found = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    config = found.model_validate({"kind": kind})
    assert (config.template_folder, dict(config.own_templates)) == (kind, {})


def test_templates_beside_the_module_are_its_own(tmp_path: Path) -> None:
    """They may include parts of their own and shared ones, and count in the hash."""
    templates = {"go.jinja": '{% include "pf_own/_part.jinja" %} of {{ card.functions[0].name }}', "_part.jinja": "Part"}
    config = config_of(tmp_path, "pf_own", "OwnConfig", templates)
    assert config.template_folder == "pf_own"
    (message,) = library(config).render(config.template_folder, Request(operator="go"))
    assert message.content == "Part of priority\n"
    before = library(config).hash("pf_own")
    (tmp_path / "prompts" / "pf_own" / "_part.jinja").write_text("Another part")
    assert library(config).hash("pf_own") != before


def test_a_users_folder_takes_their_place(tmp_path: Path) -> None:
    config = config_of(tmp_path, "pf_hidden", "OwnConfig", {"go.jinja": "Shipped"})
    (tmp_path / "mine" / "pf_hidden").mkdir(parents=True)
    (tmp_path / "mine" / "pf_hidden" / "go.jinja").write_text("Mine")
    (message,) = library(config, tmp_path / "mine").render("pf_hidden", Request(operator="go"))
    assert message.content == "Mine\n"


def test_a_template_of_its_own_is_kept_within_the_limits_of_all_templates(tmp_path: Path) -> None:
    config = config_of(tmp_path, "pf_greedy", "OwnConfig", {"go.jinja": "{{ ''.__class__.__mro__ }}"})
    with pytest.raises(ConfigError, match="does what a template must not do"):
        library(config).render("pf_greedy", Request(operator="go"))


def test_a_missing_template_says_where_it_would_be_found(tmp_path: Path) -> None:
    config = config_of(tmp_path, "pf_missing", "OwnConfig", {"go.jinja": "Go"})
    place = tmp_path / "prompts" / "pf_missing"
    with pytest.raises(
        ConfigError, match=rf"no prompt template 'pf_missing/stop.jinja'.* has: go\..*lie in {place}, one OPERATOR"
    ):
        library(config).render("pf_missing", Request(operator="stop"))


def test_a_class_without_templates_uses_those_of_what_it_derives_from(tmp_path: Path) -> None:
    derived = config_of(tmp_path, "pf_derived", "DerivedConfig", {})
    assert (derived.template_folder, dict(derived.own_templates)) == ("eoh", {})


def test_a_portfolio_has_its_members_templates(tmp_path: Path) -> None:
    member = config_of(tmp_path, "pf_member", "OwnConfig", {"go.jinja": "Go"})
    portfolio = PortfolioConfig(members=(member,))
    assert portfolio.template_folders == ("pf_member",)
    (message,) = library(portfolio).render("portfolio", Request(operator="pf_member/go"))
    assert message.content == "Go\n"


def test_a_module_called_like_a_strategy_that_ships_is_refused(tmp_path: Path) -> None:
    """Its templates would hide those."""
    config = config_of(tmp_path, "opro", "OwnConfig", {"i1.jinja": "x"})
    with pytest.raises(ConfigError, match="would be called 'opro', like those of evoheur's own strategy; rename the module"):
        library(config)
