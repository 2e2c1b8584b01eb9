"""`export`: a file that stands alone, imports, and is worth what it says."""

import ast
import importlib.util
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from evoheur.api.standalone_module import module_source
from evoheur.observers.number_text import printable
from tests.evoheur.cli.commands.test_listing import own_gap
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal
from tests.evoheur.cli.support.scripted import THOUGHT

CODES = [
    "def f(x):\n    return x\n",
    'import math\n\n\n"""loose text"""\ndef f(x):\n    """Of its own."""\n    return math.sqrt(x)\n',
    '"""Own docstring."""\nfrom __future__ import annotations\n# a comment\ndef f(x: int) -> int:\n    return x\n',
    '# coding: utf-8\n"""Own docstring."""\ndef f(x):\n    return "ü\\n"\n',
    "from __future__ import annotations\ndef f(x):\n    return x\n",
]


def statements(code: str) -> list[str]:
    """What a module does, without its docstrings."""
    body = ast.parse(code).body
    return [ast.dump(node) for node in body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]


@given(docstring=st.text().map(printable), code=st.sampled_from(CODES))
def test_any_docstring_and_any_code_make_a_module_that_does_what_the_code_does(docstring: str, code: str) -> None:
    source = module_source(code, docstring)
    compile(source, "heuristic.py", "exec")
    assert statements(source) == statements(code)
    told = ast.get_docstring(ast.parse(source), clean=False)
    assert told is not None
    assert told.strip() == docstring.strip()


def test_an_export_imports_and_evaluates_to_the_same_gap(finished: History) -> None:
    done = evoheur("export", "tiny/1", "-o", "heuristic.py", "--archive", finished.url)
    assert (done.code, done.out, done.err) == (0, "", "Wrote tiny/1 to heuristic.py.\n")
    spec = importlib.util.spec_from_file_location("exported_heuristic", "heuristic.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.choose)
    words = [
        THOUGHT,
        "candidate: tiny/1",
        "bred by: i1",
        "generator: scripted",
        f"problem: {finished.problem}, settings default",
        f"train gap: {own_gap(finished.problem, 'train'):.2f} %",
        f"validation gap: {own_gap(finished.problem, 'validation'):.2f} %",
        "test: not scored",
        "from heuristic import choose  # called as choose(length, loads)",
    ]
    assert all(word in (module.__doc__ or "") for word in words), module.__doc__
    found = evoheur("evaluate", "heuristic.py", "--problem", finished.problem, "--json").document
    stored = evoheur("best", "-n", "1", "--json", "--archive", finished.url).document[0]
    assert found["gap"] == stored["gaps"]["validation"]


def test_without_a_file_the_source_is_printed(finished: History) -> None:
    evoheur("export", "tiny/2", "-o", "heuristic.py", "--archive", finished.url)
    done = evoheur("export", "tiny/2", "--archive", finished.url)
    assert (done.code, done.err) == (0, "")
    assert done.out == Path("heuristic.py").read_text()


def test_a_failed_candidate_exports_with_its_status(finished: History) -> None:
    assert "train: error" in evoheur("export", "tiny/3", "--archive", finished.url).out


def test_a_file_is_replaced_only_by_force(finished: History) -> None:
    Path("mine.py").write_text("precious")
    message = refusal("export", "tiny/1", "-o", "mine.py", "--archive", finished.url)
    assert "'mine.py'" in message
    assert "--force" in message
    assert Path("mine.py").read_text() == "precious"
    assert evoheur("export", "tiny/1", "-o", "mine.py", "--force", "--archive", finished.url).code == 0
    assert "def choose" in Path("mine.py").read_text()


def test_a_file_that_cannot_be_written(finished: History) -> None:
    message = refusal("export", "tiny/1", "-o", "nowhere/mine.py", "--archive", finished.url)
    assert "'nowhere/mine.py'" in message


def test_the_best_textbook_rule_stands_beside_the_scores() -> None:
    """On a problem that has rules: sum of squares is the best on either split of those that know as little as a heuristic does."""
    config = Path("bpp.yaml")
    config.write_text(
        "{problem: bin_packing_online, strategy: {kind: random}, generator: {kind: mutator}, budget: {evaluations: 1}, "
        "evaluation: {executor: {kind: local, slots: 1}}, in_flight: 1}"
    )
    assert evoheur("run", str(config), "--quiet").code == 0
    source = evoheur("export", "0").out
    assert "train gap: 4.23 % (best textbook rule of its class: sum_of_squares, 0.60 %)" in source
    assert "validation gap: 4.26 % (best textbook rule of its class: sum_of_squares, 0.54 %)" in source
    assert "generator: none, it is the heuristic of the problem itself" in source


def test_a_heuristic_of_two_functions_exports_whole() -> None:
    """Bred on a problem with two functions, the file imports alone, defines both, and says how each is called."""
    config = Path("pair.yaml")
    config.write_text(
        "{problem: {name: bin_packing_offline, settings: {item_by_item: true}}, strategy: {kind: random}, "
        "generator: {kind: mutator}, budget: {evaluations: 1}, evaluation: {executor: {kind: local, slots: 1}}, "
        "validation: {top: 0}, in_flight: 1}"
    )
    assert evoheur("run", str(config), "--quiet").code == 0
    assert evoheur("export", "1", "-o", "pair.py").code == 0
    spec = importlib.util.spec_from_file_location("exported_pair", "pair.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.order_scores)
    assert callable(module.fit_scores)
    for words in ("import order_scores  # called as order_scores(", "import fit_scores  # called as fit_scores("):
        assert words in (module.__doc__ or "")
    shown = evoheur("show", "1").out
    assert "def order_scores" in shown
    assert "def fit_scores" in shown
