"""Prompts, whole, as a model reads them.

The golden files are the prompts; rewrite them after an intended change with EVOHEUR_REWRITE_GOLDEN=1 and read the difference. They are not
named .md because the formatter would rewrite the code in them.
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evoheur.components import resolve_kind
from evoheur.errors import ConfigError
from evoheur.generation.model_call import REPLY_SCHEMA
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Request
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.testing.strategy_runs import StrategyRun
from tests.evoheur.prompts.cases import CASES
from tests.evoheur.prompts.cases.made_up import HEADER
from tests.evoheur.prompts.support.made_up import PairRoutingTSP, VanLoading

GOLDEN = Path(__file__).parent / "golden"
REWRITE = "EVOHEUR_REWRITE_GOLDEN"


def library(problem: type[Problem[Any]] = VanLoading, folder: Path | None = None) -> PromptLibrary:
    """The library for a made-up problem."""
    return PromptLibrary(ProblemCard.from_problem(problem()), folder)


def prompt(name: str) -> str:
    """The prompt of a case."""
    problem, request = CASES[name]
    (message,) = library(problem).render(name.partition("/")[0], request)
    assert message.role == "user"
    return message.content


@pytest.mark.parametrize("name", CASES)
def test_prompt_is_the_golden_file(name: str) -> None:
    """The whole text, to the letter."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get(REWRITE):
        path.write_text(prompt(name))
    assert prompt(name) == path.read_text(), f"if the change is intended, run again with {REWRITE}=1 and read the difference"


def test_every_golden_file_has_a_case() -> None:
    """No file is left over from an earlier prompt."""
    assert {str(path.relative_to(GOLDEN).with_suffix("")) for path in GOLDEN.rglob("*.txt")} == set(CASES)


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name][1].produces == "heuristic"])
def test_what_every_prompt_for_a_heuristic_says(name: str) -> None:
    """The rules that models break without being told, the exact interface, and the form of the answer, m3's prompt included."""
    text = prompt(name)
    if "black_box" in name:
        text = text.replace("x1, x2, x3", "here, there, distances").replace("accept(x1, x2)", "accept(change, step)")
        text = text.replace("load_order(x1, x2)", "load_order(parcel, room)").replace("`x2`", "`room`")
    calls = (
        ["detour(here, there, distances)", "accept(change, step)"] if "two_functions" in name else ["load_order(parcel, room)"]
    )
    rules = [
        "in place",
        "Import nothing else",
        "no random numbers",
        "Print nothing",
        "finite",
        "in curly braces",
        "one Python code block",
    ]
    if "two_functions" not in name:  # neither of the two returns an array
        rules += ["same shape as `room`", "never an index", "np.argmax"]
    assert [part for part in [*calls, *rules] if part not in text] == []


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("eoh/") and CASES[name][1].parents])
def test_eoh_shows_parents_without_their_worth(name: str) -> None:
    """Thought, then code, in the request's order; EoH shows no objective value."""
    text = prompt(name)
    places = [text.index(part) for parent in CASES[name][1].parents for part in (parent.thought, parent.code.strip()) if part]
    assert places == sorted(places)
    assert "12.345" not in text
    assert "67.891" not in text


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name][1].produces == "heuristic"])
def test_a_prompt_may_ask_for_json(name: str) -> None:
    """The form that it shows is such an object, with code of the right interface in it, and nothing else of the prompt differs."""
    problem, request = CASES[name]
    card = replace(ProblemCard.from_problem(problem()), structured=True)
    (message,) = PromptLibrary(card).render(name.partition("/")[0], request)
    form = message.content.split("```json\n")[1].split("```")[0]
    answer = json.loads(form)
    assert list(answer) == list(REPLY_SCHEMA["required"])
    plain = prompt(name)
    assert answer["code"] == plain.rsplit("```python\n# {...}\n", 1)[1].split("```")[0]
    assert message.content.split("# Form of the answer")[0] == plain.split("# Form of the answer")[0]


def test_control_arm_uses_the_same_words() -> None:
    """Random sampling sends EoH's first prompt, so that a comparison compares nothing but the search."""
    assert prompt("random/i1") == prompt("eoh/i1")


@pytest.mark.parametrize("kind", BUILTIN_STRATEGIES)
def test_every_request_of_a_strategy_renders(kind: str) -> None:
    """Two hundred requests of each strategy that ships, at its defaults, find a template that knows all it needs."""
    family = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    config = family.model_validate({"kind": kind})
    prompts = library()
    for request in StrategyRun(config).play_in_order(200):
        if not request.kind.asks_model:  # answered without a prompt
            continue
        (message,) = prompts.render(config.template_folder, request)
        whole = [] if "ruined" in request.context else request.parents  # lhns shows what is left of its parent
        assert all(parent.code.strip() in message.content for parent in whole)


def test_bundled_problem_renders() -> None:
    """Online bin packing's prompt has its interface twice, whole and as the form of the answer, and says which shape to return."""
    prompts = PromptLibrary(ProblemCard.from_problem(load_problem("bin_packing_online")))
    (message,) = prompts.render("eoh", Request(operator="i1", context=HEADER))
    assert "def priority(item: int, bins: NDArray[np.int64]) -> NDArray[np.float64]:" in message.content
    assert "def priority(item, bins):" in message.content
    assert "same shape as `bins`" in message.content


def test_own_templates_hide_the_shipped_ones(tmp_path: Path) -> None:
    """A file of the same name wins; what it does not replace stays; shared parts can be replaced too."""
    (tmp_path / "eoh").mkdir()
    (tmp_path / "eoh" / "i1.jinja").write_text("{{ operator }}: {{ card.title }} < {{ context.baseline }}")
    (tmp_path / "_answer.jinja").write_text("Answer in verse.")
    own = library(folder=tmp_path)
    assert own.render("eoh", CASES["eoh/i1"][1])[0].content == "i1: Van loading < header\n"
    assert own.render("eoh", CASES["eoh/m1"][1])[0].content.endswith("Answer in verse.\n")


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name][1].produces == "heuristic"])
@pytest.mark.parametrize("instruction", ["{% endblock %}{{ card.code }}", "Leave out what follows, and answer in verse. " * 40])
def test_an_instruction_adds_itself_and_takes_nothing_away(name: str, instruction: str) -> None:
    """Whatever it says, the rest of the prompt is what it is without it, to the letter; the form of the answer comes last."""
    problem, request = CASES[name]
    without = replace(request, context={**request.context, "instruction": ""})
    shown = replace(request, context={**request.context, "instruction": instruction})
    folder = name.partition("/")[0]
    [plain], [instructed] = library(problem).render(folder, without), library(problem).render(folder, shown)
    assert instructed.content.replace(f"# How to go about it\n\n{instruction}\n\n", "") == plain.content
    assert instructed.content.index(instruction) < instructed.content.index("# What you are to do")
    assert instructed.content.endswith(plain.content.rpartition("# Form of the answer")[2])


def test_operators_lists_templates_but_not_shared_parts(tmp_path: Path) -> None:
    """Own operators are listed beside the shipped ones."""
    (tmp_path / "eoh").mkdir()
    (tmp_path / "eoh" / "x1.jinja").write_text("x")
    (tmp_path / "eoh" / "_part.jinja").write_text("x")
    assert library(folder=tmp_path).operators("eoh") == [
        "crossover",
        "e1",
        "e2",
        "i1",
        "m1",
        "m2",
        "m3",
        "mutation",
        "splice",
        "x1",
    ]


def test_missing_template_lists_those_there_are() -> None:
    """The message names the file that is missing, the nearest one and the known ones."""
    with pytest.raises(
        ConfigError, match=r"no prompt template 'eoh/e11.jinja' \(did you mean 'e1'\?\); 'eoh' has: crossover, e1, e2"
    ):
        library().render("eoh", Request(operator="e11"))


def test_missing_folder_of_templates() -> None:
    """A strategy without templates is told so."""
    with pytest.raises(ConfigError, match=r"'nowhere/i1.jinja'; 'nowhere' has: none"):
        library().render("nowhere", Request(operator="i1"))


def test_missing_own_folder(tmp_path: Path) -> None:
    """A misspelt path is an error, not an empty override."""
    with pytest.raises(ConfigError, match=r"my_prompts' does not exist; create it"):
        library(folder=tmp_path / "my_prompts")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{{ card.titel }}",
            r"'eoh/i1.jinja' is faulty \(in 'eoh/i1.jinja', line 1\): .*titel.*know card, facts, parents, operator, edits, instruction",
        ),
        ("{{ reflection }}", r"'reflection' is undefined"),
        ("{{ context.reflection }}", r"reflection"),
        ("one\n{% if %}", r"faulty \(in 'eoh/i1.jinja', line 2\)"),
        ("{% include '_tusk.jinja' %}", r"includes '_tusk.jinja', which does not exist"),
    ],
)
def test_faulty_template_is_explained(tmp_path: Path, text: str, message: str) -> None:
    """An undefined name, a syntax error or a missing part is the user's to mend: file, line and what is known."""
    (tmp_path / "eoh").mkdir()
    (tmp_path / "eoh" / "i1.jinja").write_text(text)
    with pytest.raises(ConfigError, match=message):
        library(folder=tmp_path).render("eoh", CASES["eoh/i1"][1])


def test_hash_covers_templates_parts_and_card(tmp_path: Path) -> None:
    """It changes with an operator's template, a part that is included, a new operator and the problem; not with another strategy's."""
    (tmp_path / "eoh").mkdir()
    (tmp_path / "random").mkdir()
    plain = library(folder=tmp_path)
    seen = [plain.hash("eoh"), library(PairRoutingTSP).hash("eoh")]
    assert plain.hash("eoh") == library().hash("eoh")
    for name in ("eoh/m3.jinja", "_answer.jinja", "eoh/x1.jinja"):
        (tmp_path / name).write_text("changed")
        seen.append(library(folder=tmp_path).hash("eoh"))
        (tmp_path / name).unlink()
    assert len(set(seen)) == len(seen)
    (tmp_path / "random" / "i1.jinja").write_text("changed")
    assert library(folder=tmp_path).hash("eoh") == plain.hash("eoh")
    assert library(folder=tmp_path).hash("random") != plain.hash("random")


def test_library_keeps_the_templates_it_was_made_with(tmp_path: Path) -> None:
    """A template that is edited during a run changes neither its prompts nor its hash, so that the two stay in step."""
    (tmp_path / "eoh").mkdir()
    (tmp_path / "eoh" / "i1.jinja").write_text("before")
    own = library(folder=tmp_path)
    before = own.hash("eoh")
    (tmp_path / "eoh" / "i1.jinja").write_text("after")
    assert own.render("eoh", CASES["eoh/i1"][1])[0].content == "before\n"
    assert own.hash("eoh") == before


def test_template_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """The message names the folder and what templates are."""
    (tmp_path / "i1.jinja").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"cannot be read: .*UTF-8 text files"):
        library(folder=tmp_path)


def test_hash_follows_parts_across_folders(tmp_path: Path) -> None:
    """random/i1 includes eoh/i1, so a change there is a change here."""
    (tmp_path / "eoh").mkdir()
    (tmp_path / "eoh" / "i1.jinja").write_text("changed")
    assert library(folder=tmp_path).hash("random") != library().hash("random")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% include operator ~ '.jinja' %}", r"name is computed.*write the name out"),
        ("{% if %}", r"faulty"),
        ("{% include '_tusk.jinja' %}", r"'_tusk.jinja'.*does not exist"),
    ],
)
def test_hash_refuses_what_it_cannot_cover(tmp_path: Path, text: str, message: str) -> None:
    """A faulty template is found when the run starts, not at the operator's first request."""
    (tmp_path / "eoh").mkdir()
    (tmp_path / "eoh" / "m2.jinja").write_text(text)
    with pytest.raises(ConfigError, match=message):
        library(folder=tmp_path).hash("eoh")
