"""Which expressions and numbers may be exchanged."""

import ast

from evoheur.generation.mutation.edit_sites import find_numbers
from evoheur.generation.mutation.editable_module import EditableModule
from tests.evoheur.generation.mutation.support.samples import PRIORITY, STYLES


def _sites(body: str) -> list[str]:
    code = "def priority(item, bins):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    return [ast.unparse(site.node) for site in EditableModule.parse(code, PRIORITY).sites()]


def test_every_typed_part_of_a_formula_is_a_site() -> None:
    """The whole, its operands, arguments of known functions and the sides of comparisons, but no exponent and no function name."""
    assert _sites("return np.exp(-item) * (bins > 3) ** 2") == [
        "np.exp(-item) * (bins > 3) ** 2",
        "np.exp(-item)",
        "-item",
        "item",
        "(bins > 3) ** 2",
        "bins > 3",
        "bins",
        "3",
    ]


def test_indices_and_lengths_are_no_sites() -> None:
    """Any number would not do for k, n or the argument of a reduction; a mask may be any mask."""
    assert _sites("k = item // 2\nn = len(bins)\ns = np.zeros(n)\nreturn bins[k] + np.max(bins)") == [
        "bins[k] + np.max(bins)",
        "bins[k]",
        "np.max(bins)",
    ]
    found = _sites("s = bins * 1.0\nm = bins > 4\ns[m] = 2\nreturn s")
    assert "bins > 4" in found
    assert "2" in found


def test_a_site_offers_what_is_assigned_by_then() -> None:
    """A variable can be used after its assignment, and never if it may be infinite."""
    rule = EditableModule.parse(
        "import numpy as np\ndef priority(item, bins):\n    a = bins - 1\n    b = a * np.inf\n    return a", PRIORITY
    )
    scopes = {ast.unparse(site.node): list(site.scope) for site in rule.sites()}
    assert scopes["bins - 1"] == ["item", "bins"]
    assert scopes["a"] == ["item", "bins", "a"]


def test_parts_are_operands_that_could_stand_for_the_whole() -> None:
    """Of np.where both cases could, the condition could not; zeros like bins are something else than bins."""
    rule = EditableModule.parse(
        "def priority(item, bins):\n    return np.where(bins > 3, bins - 1, np.zeros_like(bins))", PRIORITY
    )
    parts = {ast.unparse(site.node): [ast.unparse(part) for part in site.parts] for site in rule.sites()}
    assert parts["np.where(bins > 3, bins - 1, np.zeros_like(bins))"] == ["bins - 1", "np.zeros_like(bins)"]
    assert parts["np.zeros_like(bins)"] == []
    assert parts["bins - 1"] == ["bins"]


def test_numbers_are_quantities_only() -> None:
    """Of the helpers' style: the module's number and those in formulas; neither the default, the keyword, nor an index or a length."""
    module = ast.parse(
        STYLES["helpers"] + "\ndef rest(x):\n    return np.zeros(10) + x[3] + np.argsort(x, axis=0) - 0.5 * x ** 2 + (1 << 4)"
    )
    values = [
        (found.value, found.exponent)
        for statement in module.body
        for found in find_numbers(statement)
        if isinstance(statement, (ast.Assign, ast.FunctionDef))
    ]
    assert values == [(12.0, False), (0.5, False), (2, True)]


def test_numbers_of_masks_are_quantities_and_those_of_indices_are_not() -> None:
    """Thresholds count, also joined by & and in a subscript; positions, shifts and bits do not."""
    tree = ast.parse("s[(x > 3) & (x < 8)] = 2 * x[k + 1] + (1 << 4) + (flags & 7) + (x > 5)")
    assert [found.value for found in find_numbers(tree)] == [3, 8, 2, 5]


def test_a_sign_belongs_to_its_number() -> None:
    """-3 is one number, to be exchanged as a whole."""
    (found,) = find_numbers(ast.parse("x = y - -3"))
    assert found.value == -3
