"""Reading a candidate's file and writing it back."""

import ast
import subprocess
import sys

import pytest

from evoheur.generation.mutation.editable_module import EditableModule, Unusable, key
from evoheur.generation.mutation.tree_building import combine, number
from tests.evoheur.generation.mutation.support.running import runs
from tests.evoheur.generation.mutation.support.samples import BASELINE, PRIORITY, STYLES


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def priority(item, bins:", "does not parse"),
        ("def other(item, bins):\n    return bins", "no function priority"),
        ("def priority(item):\n    return item", "takes 1"),
        ("def priority(*things):\n    return things", "takes 0"),
    ],
)
def test_what_cannot_be_edited_says_why(code: str, reason: str) -> None:
    """The reason names what is wrong."""
    with pytest.raises(Unusable, match=reason):
        EditableModule.parse(code, PRIORITY)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_survives_being_written_back(style: str) -> None:
    """Reading and writing changes layout, comments, docstrings and annotations, and nothing that runs."""
    source = EditableModule.parse(STYLES[style], PRIORITY).source()
    assert runs(source)
    assert "np.ndarray" in source
    assert source.count("import numpy as np") == 1
    assert key(source.replace("import numpy as np\n", "", 1)) == key(STYLES[style].replace("import numpy as np\n", "", 1))


def test_written_files_need_nothing_around_them(tmp_path: object) -> None:
    """The baseline, whose annotations came from another module, imports in a bare interpreter."""
    source = EditableModule.parse(BASELINE, PRIORITY).source()
    done = subprocess.run([sys.executable, "-c", source], check=False, capture_output=True, text=True)
    assert done.stderr == ""


def test_numpy_is_imported_behind_what_must_come_first() -> None:
    """A docstring of the file and `from __future__` stay in front."""
    code = '"""File."""\nfrom __future__ import annotations\ndef priority(item, bins):\n    return bins'
    assert EditableModule.parse(code, PRIORITY).source().splitlines()[:3] == [
        '"""File."""',
        "from __future__ import annotations",
        "import numpy as np",
    ]


def test_a_docstring_that_an_edit_would_make_lie_goes() -> None:
    """The thought says what the rule does now."""
    assert "lie" not in EditableModule.parse(STYLES["statements"], PRIORITY).source()


def test_integers_become_floats_where_floats_are_promised() -> None:
    """The result is converted once; a fraction needs no conversion."""
    rule = EditableModule.parse("def priority(item, bins):\n    return bins - item", PRIORITY)
    rule.guard([])
    rule.guard([])
    assert ast.unparse(rule.function.body[-1]) == "return (bins - item).astype(float)"


def test_new_numbers_are_worked_out_with_their_neighbours() -> None:
    """2 * 3 with a new 3 is 6; what an author wrote as 1 / 4 stays as it is, and so does a number beside a variable."""
    rule = EditableModule.parse("def priority(item, bins):\n    return (2 * item + 1 / 4) * bins", PRIORITY)
    site = next(site for site in rule.sites() if ast.unparse(site.node) == "item")
    new = number(3)
    site.slot.put(new)
    rule.guard([new])
    assert ast.unparse(rule.function.body[0]) == "return (6 + 1 / 4) * bins"


def test_several_returns_become_one_through_a_helper() -> None:
    """The rule does the same as before, and its one result can be added to."""
    rule = EditableModule.parse(STYLES["branches"], PRIORITY)
    slot = rule.sole_return()
    assert slot is not None
    slot.put(combine(rule.operand(slot), ast.Add, number(1)))
    assert ast.unparse(rule.function.body[0]) == "return np.asarray(priority_1(item, bins)) + 1"
    assert runs(rule.source())


def test_keys_tell_codes_apart_by_what_they_do() -> None:
    """Layout, comments, docstrings and annotations do not count; a number does."""
    plain = "def f(x):\n    return x+1"
    assert key(plain) == key('def f(x: int) -> int:\n    """Adds."""\n    return (x + 1)  # one')
    assert key(plain) != key("def f(x):\n    return x+2")
