"""Parts of one file made to fit into another."""

import ast

import numpy as np
import pytest

from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.transplant import Donor
from tests.evoheur.generation.mutation.support.running import defined, runs
from tests.evoheur.generation.mutation.support.samples import BASELINE, PRIORITY, STYLES


def _donor(code: str, receiver: EditableModule) -> tuple[Donor, EditableModule]:
    rule = EditableModule.parse(code, PRIORITY)
    return Donor(rule, receiver), rule


def _receiver() -> EditableModule:
    return EditableModule.parse("def priority(size, room):\n    return room * 1.0", PRIORITY)


def test_variables_are_replaced_by_what_they_stand_for() -> None:
    """Locals that are assigned once and numbers of the module disappear, and parameters take the receiver's names."""
    donor, rule = _donor(
        "C = 2.5\ndef priority(item, bins):\n    gap = bins - item\n    twice = 2 * gap\n    return twice / C", _receiver()
    )
    returned = rule.returns()[0].get()
    expanded = donor.expanded(returned)
    assert expanded is not None
    assert ast.unparse(expanded) == "2 * (room - size) / 2.5"


@pytest.mark.parametrize(
    "body",
    [
        "x = 1\n    x = 2\n    return x * bins",  # assigned twice
        "x = bins * 1.0\n    x[0] = 3\n    return x",  # assigned into
        "bins = bins * 2\n    return bins",  # a parameter that is no longer what came in
        "return helper(bins)",
        "for x in bins:\n        pass\n    return x * bins",
    ],
)
def test_what_depends_on_more_is_not_expanded(body: str) -> None:
    """A variable that stands for no single expression cannot be replaced."""
    donor, rule = _donor(f"def priority(item, bins):\n    {body}", _receiver())
    assert donor.expanded(rule.returns()[-1].get()) is None


def test_chains_that_would_explode_are_not_expanded() -> None:
    """Doubling twenty times would make a million terms."""
    lines = "".join(f"    v{i + 1} = v{i} + v{i}\n" for i in range(20))
    donor, rule = _donor(f"def priority(item, bins):\n    v0 = bins - item\n{lines}    return v20", _receiver())
    assert donor.expanded(rule.returns()[0].get()) is None


@pytest.mark.parametrize("style", STYLES)
def test_a_whole_score_can_be_brought_into_another_file(style: str) -> None:
    """Called from another file with another body, it gives what it gave at home."""
    receiver = _receiver()
    donor, _ = _donor(STYLES[style], receiver)
    receiver.returns()[0].put(donor.score())
    source = receiver.source()
    assert runs(source)
    bins = np.arange(30, 101)
    np.testing.assert_allclose(
        np.asarray(defined(source)(30, bins.copy()), dtype=float),
        np.asarray(defined(STYLES[style] + "\nimport numpy as np")(30, bins.copy()), dtype=float),
    )


def test_clashing_names_are_told_apart() -> None:
    """Both files have a SCALE and a penalty; each keeps its own."""
    receiver = EditableModule.parse(STYLES["helpers"].replace("12.0", "7.0"), PRIORITY)
    code = STYLES["helpers"].replace("    gap = bins - item\n", "    gap = bins\n    gap = gap - item\n")
    donor, _ = _donor(code, receiver)
    receiver.returns()[0].put(donor.score())
    source = receiver.source()
    assert "SCALE = 7.0" in source
    assert "SCALE_2 = 12.0" in source
    bins = np.arange(30, 101)
    np.testing.assert_allclose(defined(source)(30, bins.copy()), defined(code)(30, bins.copy()))


def test_a_formula_needs_no_conversion_of_its_own() -> None:
    """The baseline's score comes without its inner conversion kept twice."""
    receiver = _receiver()
    donor, _ = _donor(BASELINE, receiver)
    assert ast.unparse(donor.score()) == "-(room - size).astype(float)"
    donor, _ = _donor("def priority(item, bins):\n    return (bins - item).astype(float)", receiver)
    assert ast.unparse(donor.score()) == "room - size"
