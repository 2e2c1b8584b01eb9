"""What could be left out of a heuristic."""

import ast

from hypothesis import given

from evoheur.simplification.ablation import ablations
from evoheur.simplification.tree_edits import node_count, written
from tests.evoheur.simplification.support.small_programs import programs

CODE = '''
import numpy as np

def f(x: np.ndarray, y=3 + 4):
    """Keep me."""
    wide = np.where(x > y, x - 2 * y, x / y)
    if y > 1:
        wide += 1
    return np.clip(wide, 0, 9) and x
'''


def test_each_edit_takes_one_part_away() -> None:
    """Branches, statements, operands and arguments; what is assigned may become a number."""
    tree = ast.parse(CODE)
    words = {edit.words for edit in ablations(tree)}
    assert words == {
        "wide = np.where(x > y, x - 2 * y, x / y) becomes wide = 0",
        "wide = np.where(x > y, x - 2 * y, x / y) becomes wide = 1",
        "wide = np.where(x > y, x - 2 * y, x / y) goes",
        "if y > 1: wide += 1 becomes wide += 1",
        "if y > 1: wide += 1 goes",
        "wide += 1 goes",
        "np.where(x > y, x - 2 * y, x / y) becomes x - 2 * y",
        "np.where(x > y, x - 2 * y, x / y) becomes x / y",
        "x - 2 * y becomes x",
        "x - 2 * y becomes -(2 * y)",
        "2 * y becomes 2",
        "2 * y becomes y",
        "x / y becomes x",
        "np.clip(wide, 0, 9) and x becomes np.clip(wide, 0, 9)",
        "np.clip(wide, 0, 9) and x becomes x",
        "np.clip(wide, 0, 9) becomes wide",
    }


def test_largest_parts_come_first() -> None:
    saved = [edit.saved for edit in ablations(ast.parse(CODE))]
    assert saved == sorted(saved, reverse=True)


@given(code=programs())
def test_every_edit_makes_a_smaller_program_that_compiles(code: str) -> None:
    """And leaves the tree that it was made for as it was."""
    tree = ast.parse(code)
    before = ast.dump(tree)
    for edit in ablations(tree):
        smaller = edit.applied(tree)
        assert node_count(smaller) < node_count(tree), edit.words
        compile(written(smaller), "<smaller>", "exec")
    assert ast.dump(tree) == before
