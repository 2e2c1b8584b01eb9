"""Replies as models write them, and short ways to say what came of one."""

import ast
from collections.abc import Callable

from evoheur.generation.parsing import FunctionSignature, ParsedReply, parse_reply
from evoheur.request import Failure

PRIORITY = (FunctionSignature("priority", ("item", "bins")),)


RUIN_RECREATE = (FunctionSignature("ruin", ("tour", "rng")), FunctionSignature("recreate", ("removed",)))


BEST_FIT = """import numpy as np

def priority(item, bins):
    return -np.abs(bins - item)
"""


UNUSED_IMPORT = "import math\nimport numpy as np\n\ndef priority(item, bins):\n    return -(bins - item)\n"


def taken(text: str, *, truncated: bool = False, wanted: tuple[FunctionSignature, ...] = PRIORITY) -> ParsedReply:
    found = parse_reply(text, wanted, truncated=truncated)
    assert isinstance(found, ParsedReply), found
    return found


def refused(text: str, *, truncated: bool = False, wanted: tuple[FunctionSignature, ...] = PRIORITY) -> Failure:
    found = parse_reply(text, wanted, truncated=truncated)
    assert isinstance(found, Failure), found
    assert found.stage == "parsing"
    assert found.detail
    assert "\n" not in found.detail
    return found


def same(code: str, expected: str) -> bool:
    return ast.dump(ast.parse(code)) == ast.dump(ast.parse(expected))


WRAPPINGS: dict[str, Callable[[str], str]] = {
    "bare": lambda code: code,
    "backticks": lambda code: f"```\n{code}```",
    "python": lambda code: f"Here is my idea. It is new.\n\n```python\n{code}\n```\nIt works because gaps are small.",
    "py": lambda code: f"```py\n{code}```",
    "capital Python": lambda code: f"```Python\n{code}```",
    "tildes": lambda code: f"Text before\n~~~python\n{code}\n~~~\nText after",
    "four backticks": lambda code: f"````python\n{code}\n````",
    "never closed": lambda code: f"Sure!\n```python\n{code}",
    "closing fence glued": lambda code: f"```python\n{code.rstrip()}```\nDone.",
    "no fence, prose around": lambda code: f"I suggest this rule:\n\n{code}\nThis heuristic prefers tight bins, so waste is low.",
    "indented block": lambda code: (
        "The rule:\n\n" + "".join(f"    {line}\n" if line else "\n" for line in code.split("\n")) + "\nEnd."
    ),
    "fence in a list": lambda code: (
        "1. The code\n   ```python\n"
        + "".join(f"   {line}\n" if line else "\n" for line in code.split("\n"))
        + "   ```\n2. Why it works"
    ),
    "Windows newlines": lambda code: f"```python\n{code}```".replace("\n", "\r\n"),
    "byte-order mark": lambda code: "\ufeff" + f"```python\n{code}```",
    "thinking aloud": lambda code: (
        f"<think>\nMaybe\n```python\ndef priority(a, b):\n    return 0\n```\n</think>\n```python\n{code}```"
    ),
    "thinking, opening tag missing": lambda code: f"I could use first fit.\n</think>\n{{Best fit, again.}}\n```python\n{code}```",
    "braces inside the fence": lambda code: f"```python\n{{The rule prefers tight bins.}}\n{code}```",
    "usage in a block of its own": lambda code: (
        f"```python\n{code}```\nUsage:\n```python\nprint(priority(3, np.array([4, 5])))\n```"
    ),
    "shell before": lambda code: f"```bash\npip install numpy\n```\n\n```python\n{code}```",
    "test code below": lambda code: f'```python\n{code}\nif __name__ == "__main__":\n    print(priority(1, np.arange(3)))\n```',
    "example calls below": lambda code: (
        f"```python\n{code}\n# Example usage\nsome_bins = np.array([10, 20])\nresult = priority(5, some_bins)\nprint(result)\n```"
    ),
    "first block unfinished": lambda code: f"```python\ndef priority(item, bins):\n    ...\n```\nIn full:\n```python\n{code}```",
}
