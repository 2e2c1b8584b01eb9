"""The ways in which a module binds a name to a function."""

import pytest

from evoheur.code.bindings import last_binding
from evoheur.code.program import read_program
from evoheur.generation.parsing import check_code
from tests.evoheur.generation.support.replies import PRIORITY, refused, same, taken

HELPER = "def best_fit(item, bins):\n    return -(bins - item)\n"

BINDINGS = {
    "another name": f"{HELPER}priority = best_fit\n",
    "an annotated name": f"{HELPER}priority: object = best_fit\n",
    "two names": f"{HELPER}rule = priority = best_fit\n",
    "a tuple": f"{HELPER}alpha, priority = 1, best_fit\n",
    "in an if": "if True:\n    def priority(item, bins):\n        return -(bins - item)\n",
    "in a try": (
        "try:\n    import numba\n    def priority(item, bins):\n        return -bins\n"
        "except ImportError:\n    def priority(item, bins):\n        return bins\n"
    ),
    "in a with": "import numpy as np\nwith np.errstate(all='ignore'):\n    def priority(item, bins):\n        return -bins\n",
    "a walrus": f"{HELPER}(priority := best_fit)\n",
    "a call": f"import functools\n{HELPER}priority = functools.lru_cache(best_fit)\n",
    "a partial function": (
        "import functools\ndef fit(alpha, item, bins):\n    return -alpha * bins\npriority = functools.partial(fit, 2.0)\n"
    ),
    "an object with __call__": "class Rule:\n    def __call__(self, item, bins):\n        return -bins\npriority = Rule()\n",
    "a method": "class Rule:\n    def best(self, item, bins):\n        return -bins\npriority = Rule().best\n",
    "an import": "from numpy import subtract as priority\n",
    "a loop": f"{HELPER}for priority in [best_fit]:\n    pass\n",
    "a lambda in a condition": "priority = (lambda item, bins: bins) if 1 < 2 else (lambda item, bins: -bins)\n",
}


@pytest.mark.parametrize("code", BINDINGS.values(), ids=BINDINGS)
def test_a_function_may_get_its_name_in_any_way(code: str) -> None:
    """In a user's own file, and in a reply, which keeps all that the name needs."""
    assert check_code(code, PRIORITY) is None
    assert same(taken(f"```python\n{code}```").code, code)
    assert same(taken(f"```python\n{code}print(priority(1, [2]))\n```").code, code)


@pytest.mark.parametrize(
    "code",
    [
        f"{HELPER}def bind():\n    global priority\n    priority = best_fit\nbind()\n",
        f"{HELPER}globals()['priority'] = best_fit\n",
    ],
    ids=["global", "globals()"],
)
def test_a_file_may_bind_it_from_afar(code: str) -> None:
    """The file is executed as it is, so the guest will see."""
    assert check_code(code, PRIORITY) is None


@pytest.mark.parametrize(
    "code",
    [
        f"{HELPER}priority = 1\n",
        f"{HELPER}priority = [best_fit]\n",
        f"{HELPER}priority = best_fit(1, 2) + 1\n",
        "async def priority(item, bins):\n    return bins\n",
        f"{HELPER}if __name__ == '__main__':\n    priority = best_fit\n",
        "class Rule:\n    def priority(self, item, bins):\n        return bins\n",
        "def outer():\n    def priority(item, bins):\n        return bins\n",
    ],
    ids=["a number", "a list", "a sum", "a coroutine", "when run as a program", "a method", "inside a function"],
)
def test_what_cannot_be_the_function(code: str) -> None:
    assert check_code(code, PRIORITY) is not None
    assert refused(f"```python\n{code}```").reason in {"wrong-name", "no-function"}


def test_the_function_behind_another_name_must_fit() -> None:
    """What is known of it is said before it runs."""
    wrong = check_code("def fit(bins):\n    return bins\npriority = fit\n", PRIORITY)
    assert wrong is not None
    assert wrong.reason == "wrong-arity"
    stub = check_code("def fit(item, bins):\n    ...\npriority = fit\n", PRIORITY)
    assert stub is not None
    assert stub.reason == "no-function"


def test_the_last_binding_counts() -> None:
    """A name that is given away later is the later function's; an example that keeps its result under the name changes nothing."""
    first = "def priority(item, bins):\n    return bins\n"
    assert same(taken(f"```python\n{first}{HELPER}priority = best_fit\n```").code, f"{HELPER}priority = best_fit\n")
    wrapped = f"from numba import njit\n{first}priority = njit(priority)\n"
    assert same(taken(f"```python\n{wrapped}```").code, wrapped)
    assert same(taken(f"```python\n{first}priority = priority(3, [4])\n```").code, first)
    assert same(taken(f"```python\n{first}priority = compute()\n```").code, first)


def test_the_certain_binding_of_a_program() -> None:
    program = read_program(f"{HELPER}priority = best_fit\n")
    bound = last_binding(program.parts, "priority")
    assert bound is not None
    assert bound.certain
    assert bound.function is program.tree.body[0]
    assert last_binding(program.parts, "nothing") is None
