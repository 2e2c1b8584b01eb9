"""A source is parsed once, and what is known of it is shared."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import evoheur
from evoheur.code.program import Program, ProgramCache, ProgramFacts, examine, parse_count, read_program
from evoheur.code.syntax import SourceFault

CODE = "import numpy as np\n\n\ndef priority(item, bins):\n    return np.abs(bins - item)\n"


def test_a_source_is_parsed_once() -> None:
    """Line ends at its end, which a reply may have or lack, make no other program."""
    cache = ProgramCache(1000)
    program = cache.read(CODE)
    assert cache.read(CODE) is program
    assert cache.read(CODE.rstrip("\n")) is program
    assert cache.read(CODE + "\n\n") is program
    assert cache.parses == 1


def test_what_is_no_python_is_not_remembered_and_says_where() -> None:
    """The line is counted in the text as it was given, with its line ends."""
    cache = ProgramCache(1000)
    for _ in range(2):
        with pytest.raises(SyntaxError, match="expected an indented block"):
            cache.read("def f():\n\n")
    assert cache.parses == 2
    assert examine("x = = 1") == SourceFault(1, "invalid syntax: 'x = = 1'")


def test_a_backslash_at_the_end_needs_its_line_ends() -> None:
    """Without them it continues nothing, and with them it is Python."""
    program = examine("x = 1\\\n\n")
    assert isinstance(program, Program)
    assert ast.unparse(program.tree) == "x = 1"
    assert isinstance(examine("x = 1\\"), SourceFault)


def test_the_longest_unused_goes_first() -> None:
    """Nine sources of 42 characters and three of 40 do not fit into 450; what was asked for again stays."""
    cache = ProgramCache(450)
    one, two, three = (f"x = '{letter * 34}'" for letter in "abc")
    sources = [f"x = {number:036d}.0" for number in range(9)]
    programs = [cache.read(source) for source in sources]
    assert cache.read(sources[0]) is programs[0]
    assert [cache.read(text).text for text in (one, two, three)] == [one, two, three]
    assert cache.read(sources[0]) is programs[0]
    assert cache.read(sources[1]) is not programs[1]


def test_a_source_that_would_fill_the_memory_is_not_remembered() -> None:
    cache = ProgramCache(100)
    long = "x = 12345678"
    assert cache.read(long) is not cache.read(long)
    assert cache.read("x = 1") is cache.read("x = 1")


def test_what_is_handed_out_for_editing_is_a_copy() -> None:
    """An edit must not show in what others read."""
    program = read_program(CODE)
    program.editable_tree().body.clear()
    assert len(program.tree.body) == 2
    assert len(program.editable_tree().body) == 2


def test_facts_of_a_program() -> None:
    program = read_program(
        "from os.path import join\nimport numpy.linalg, math\ndef f():\n    from . import near\n    return join\n"
    )
    assert program.imports == ((1, "os"), (2, "numpy"), (2, "math"), (4, ""))
    assert [part.binds for part in program.parts] == [{"join"}, {"numpy", "math"}, {"f"}]
    assert program.fault is None
    assert read_program("x = 1\nreturn x").fault == SourceFault(2, "'return' outside function: 'return x'")
    excessive = read_program(f"x = 0x{'f' * 500}")
    assert excessive.excess is not None
    assert excessive.fault == excessive.excess


_PARSERS: dict[str, Callable[[ast.Call], bool]] = {
    "parse": lambda call: ast.unparse(call.func) == "ast.parse",
    "compile": lambda call: ast.unparse(call.func) == "compile",
    "symtable": lambda call: ast.unparse(call.func) == "symtable.symtable",
    "ast": lambda call: ast.unparse(call.func) in {"ast.parse", "ast.literal_eval"},
}
_ELSEWHERE = {
    "evaluation/guest_job.py": "executes a candidate, in the guest",
    "evaluation/policy_job.py": "executes a search policy, in the guest",
    "drafting/jailed_draft.py": "executes a draft, in the guest",
    "cli/menu.py": "reads the commands' own docstrings",
    "testing/hostile_entry.py": "executes attacks, in the guest",
    "testing/red_team/unconfined_worker.py": "executes attacks, in the guest",
    "testing/strategy_contract.py": "reads a strategy's own module",
}


def test_nobody_else_parses_candidates() -> None:
    """Whoever needs a tree asks for the program; the exceptions read no candidate, or run it."""
    root = Path(evoheur.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        where = path.relative_to(root).as_posix()
        if where.startswith(("code/", "problems/", "sandbox/")):
            continue
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        if any(parses(call) for call in calls for parses in _PARSERS.values()):
            found.add(where)
    assert found == set(_ELSEWHERE)


def test_counting_goes_on() -> None:
    before = parse_count()
    read_program("a_name_that_no_other_test_uses = 1")
    read_program("a_name_that_no_other_test_uses = 1")
    assert parse_count() == before + 1


def test_what_another_process_found_out_is_not_found_out_again() -> None:
    """The tree is there all the same, for whoever asks for it."""
    known = read_program(CODE)
    facts = ProgramFacts(hash=known.hash, reduced_hash="another", imports=known.imports, measures=dict(known.measures))
    cache = ProgramCache(1000)
    cache.note(CODE + "\n", facts)
    program = cache.read(CODE)
    assert (program.hash, program.imports, program.measures, program.facts) == (known.hash, known.imports, known.measures, facts)
    assert cache.parses == 0
    assert ast.dump(program.tree) == ast.dump(known.tree)
    assert cache.parses == 1
