"""Which definitions count when a reply holds several."""

from evoheur.generation.parsing import FunctionSignature
from tests.evoheur.generation.support.replies import BEST_FIT, RUIN_RECREATE, refused, same, taken


def test_imports_and_function_in_separate_blocks() -> None:
    """What a block uses and does not define is taken from the others."""
    text = (
        "First the imports:\n```python\nimport numpy as np\nALPHA = 0.5\n```\nThen the rule:\n```python\n"
        "def priority(item, bins):\n    return helper(bins) * ALPHA\n```\nwith\n```python\ndef helper(bins):\n    return np.log(bins)\n```"
    )
    assert same(
        taken(text).code,
        "import numpy as np\nALPHA = 0.5\ndef helper(bins):\n    return np.log(bins)\n"
        "def priority(item, bins):\n    return helper(bins) * ALPHA\n",
    )


def test_last_complete_block_wins_with_its_own_helpers() -> None:
    """A revision replaces the draft, and a helper of the same name is the revision's."""
    text = (
        "```python\ndef gain(x):\n    return x\ndef priority(item, bins):\n    return gain(bins)\n```\nBetter:\n"
        "```python\ndef gain(x):\n    return -x\ndef priority(item, bins):\n    return gain(bins - item)\n```\n"
    )
    assert same(taken(text).code, "def gain(x):\n    return -x\ndef priority(item, bins):\n    return gain(bins - item)\n")


def test_revision_that_does_not_parse_leaves_the_draft() -> None:
    """Of several blocks the last complete one counts, not the last one."""
    assert same(
        taken(f"```python\n{BEST_FIT}```\nOr:\n```python\ndef priority(item, bins):\n    return (bins -\n```").code, BEST_FIT
    )


def test_exact_name_beats_similar_names() -> None:
    """Beside `priority_v2` and `priority_new` it is `priority` that counts."""
    code = (
        "def priority_v2(item, bins):\n    return bins\n"
        "def priority(item, bins):\n    return -bins\n"
        "def priority_new(item, bins):\n    return 0\n"
    )
    assert same(taken(f"```python\n{code}```").code, "def priority(item, bins):\n    return -bins\n")


def test_highest_version_is_taken_under_the_wanted_name() -> None:
    """FunSearch's prompts make models continue `_v0`, `_v1` with `_v2`; older versions stay only if they are called."""
    code = (
        "def priority_v0(item, bins):\n    return bins\n"
        "def priority_v1(item, bins):\n    return -bins\n"
        "def priority_v10(item, bins):\n    return priority_v1(item, bins) if item > 3 else priority_v10(item + 1, bins)\n"
    )
    assert same(
        taken(code).code,
        "def priority_v1(item, bins):\n    return -bins\n"
        "def priority(item, bins):\n    return priority_v1(item, bins) if item > 3 else priority(item + 1, bins)\n",
    )


def test_usual_imports_are_added() -> None:
    """A forgotten `import numpy as np` and the template's annotations do not cost the candidate; inventions do not pass for imports."""
    code = "def priority(item: int, bins: NDArray[np.int64]) -> List[float]:\n    return [math.sqrt(b) for b in invented(bins)]\n"
    assert same(
        taken(f"```python\n{code}```").code,
        f"from typing import List\nfrom numpy.typing import NDArray\nimport math\nimport numpy as np\n{code}",
    )


def test_lambda_counts_as_definition() -> None:
    """`priority = lambda item, bins: …` defines the function."""
    code = "priority = lambda item, bins: -bins\n"
    assert taken(f"```python\n{code}```").code == code


def test_several_functions() -> None:
    """A heuristic of two functions is found in one block or in two, and a missing one is named."""
    ruin = "def ruin(tour, rng):\n    return tour[:3]\n"
    recreate = "def recreate(removed):\n    return sorted(removed)\n"
    both = taken(f"{{Removes the first three and sorts.}}\n```python\n{ruin}{recreate}```", wanted=RUIN_RECREATE)
    assert same(both.code, ruin + recreate)
    apart = taken(f"```python\n{recreate}```\nand\n```python\n{ruin}```", wanted=RUIN_RECREATE)
    assert same(apart.code, recreate + ruin)
    failure = refused(f"```python\n{ruin}```", wanted=RUIN_RECREATE)
    assert (failure.reason, failure.detail) == ("wrong-name", "the code defines ruin; expected recreate(removed)")


def test_two_functions_in_one_block() -> None:
    """Seen from small models: `score` and `score_v2` in one block."""
    wanted = (FunctionSignature("score", ("item", "bins")),)
    code = "def score(item, bins):\n    return -bins\n\ndef score_v2(item, bins):\n    return bins\n"
    assert same(taken(f"```python\n{code}```", wanted=wanted).code, "def score(item, bins):\n    return -bins\n")
