"""`prompts show` and `prompts copy`, and that what they list is all that templates use."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from evoheur.components import resolve_kind
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import PLACEHOLDERS, SHARED_FOLDER, PromptLibrary
from evoheur.request import Request
from evoheur.strategies.prompt_evolving import PROMPT_CARDS
from evoheur.strategies.repairing import REPAIR, REPAIR_CARD
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from tests.evoheur.cli.support.invoking import evoheur, files, refusal
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

KINDS = [kind for kind in BUILTIN_STRATEGIES if kind != "portfolio"]


def library(folder: Path | None = None) -> PromptLibrary:
    return PromptLibrary(ProblemCard.from_problem(load_problem("bin_packing_online")), folder)


@pytest.mark.parametrize("kind", KINDS)
def test_show_lists_every_operator_with_all_that_its_template_uses(kind: str) -> None:
    """The catalogue and the shipped templates agree: no template uses a text that its operator is not given, or an unlisted name."""
    shown = evoheur("prompts", "show", kind, "--json").document
    config = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy").model_validate({"kind": kind})  # type: ignore[type-abstract]
    assert set(shown["operators"]) == set(config.catalogue) | {REPAIR, *PROMPT_CARDS}
    with_template = {name for name, card in config.catalogue.items() if card.kind.asks_model}
    assert set(library().operators(config.template_folder)) == with_template
    for name, operator in shown["operators"].items():
        known = set(PLACEHOLDERS) | {f"context.{text}" for text in operator["context"]}
        assert set(operator["uses"]) <= known, name
        unused = {f"context.{text}" for text in operator["context"]} - set(operator["uses"])
        assert operator["uses"] == [] or unused == set(), f"{name} is given {unused}, which its template does not use"


def test_the_placeholders_are_those_of_the_card() -> None:
    listed = {name.removeprefix("card.") for name in PLACEHOLDERS if name.startswith("card.")}
    assert listed == {field.name for field in fields(ProblemCard)} | {"anonymous"}


def test_show_for_people_names_operators_placeholders_and_where_to_go_on() -> None:
    text = evoheur("prompts", "show", "eoh").out
    for part in ("m3", "simplify", "card.skeleton", "context.fault", "evoheur prompts copy eoh ./my_prompts"):
        assert part in text


def test_show_one_operator_prints_its_templates_whole() -> None:
    text = evoheur("prompts", "show", "eoh", "--operator", "m2").out
    assert "eoh/m2.jinja" in text
    assert "_answer.jinja" in text
    assert "Find the numbers on which the known heuristic depends most" in text


def test_copied_templates_make_the_same_prompts_and_hash_and_a_changed_one_its_own(tmp_path: Path) -> None:
    done = evoheur("prompts", "copy", "reevo", str(tmp_path / "mine"))
    assert done.code == 0
    assert set(files(tmp_path / "mine")) >= {"reevo/init.jinja", "reevo/_frame.jinja", "any/repair.jinja", "_task.jinja"}
    own = library(tmp_path / "mine")
    assert own.hash("reevo", SHARED_FOLDER) == library().hash("reevo", SHARED_FOLDER)
    (tmp_path / "mine" / "reevo" / "mutate.jinja").write_text("Improve {{ parents[0].code }}")
    changed = library(tmp_path / "mine")
    assert changed.hash("reevo") != library().hash("reevo")
    (message,) = changed.render("reevo", Request(operator="mutate", parents=(VANS[0],)))
    assert message.content.startswith("Improve import numpy")


def test_a_run_uses_the_prompts_that_its_configuration_names(tmp_path: Path) -> None:
    (tmp_path / "mine" / "eoh").mkdir(parents=True)
    (tmp_path / "mine" / "eoh" / "i1.jinja").write_text("Pack {{ card.title }} well.")
    config = Path(__file__).parents[4] / "configs" / "eoh_tsp_constructive.yaml"
    words = ("run", str(config), "--dry-run", "--set", f"prompts={tmp_path / 'mine'}", "--archive", f"sqlite:///{tmp_path}/a.db")
    assert re.search(r"^Pack .*TSP.* well\.$", evoheur(*words).out, re.MULTILINE)


def test_copying_writes_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "_task.jinja").write_text("mine")
    assert "is there already and is not written over" in refusal("prompts", "copy", "eoh", str(tmp_path))
    assert files(tmp_path) == {"_task.jinja": b"mine"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show", "eho"), "Unknown strategy kind 'eho' (did you mean 'eoh'?)"),
        (("show", "eoh", "--operator", "m4"), "sends no prompt for an operator 'm4' (did you mean"),
        (("show", "hsevo", "--operator", "harmony"), "sends no prompt for an operator 'harmony'"),
        (("show", "portfolio"), "members"),
    ],
)
def test_what_is_not_there_is_explained(words: tuple[str, ...], message: str) -> None:
    assert message in refusal("prompts", *words)


def test_repair_shows_code_and_fault() -> None:
    (message,) = PromptLibrary(ProblemCard.from_problem(VanLoading())).render(
        "eoh", Request(operator=REPAIR, parents=(VANS[0],), context={**HEADER, "fault": "error: line 5: IndexError"})
    )
    assert "line 5: IndexError" in message.content
    assert VANS[0].code.strip() in message.content
    assert set(REPAIR_CARD[REPAIR].context) == {"baseline", "fault"}
