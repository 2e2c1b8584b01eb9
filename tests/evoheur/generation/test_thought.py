"""The idea behind a heuristic, as its author put it."""

import pytest

from tests.evoheur.generation.support.replies import BEST_FIT, taken


@pytest.mark.parametrize(
    ("text", "thought"),
    [
        (f"{{Spans\n  two lines of text.}}\n```python\n{BEST_FIT}```", "Spans two lines of text."),
        (f"The score is $\\frac{{remaining capacity}}{{item}}$. {{Weighs gap by size.}}\n```python\n{BEST_FIT}```", "Weighs gap by size."),
        (f'Options {{"alpha": 1, "b": 2}} go unused. Fits tight.\n```\n{BEST_FIT}```', 'Options {"alpha": 1, "b": 2} go unused.'),
        (f"```python\n# {{Prefers tight bins always.}}\n{BEST_FIT}```", "Prefers tight bins always."),
        (f"```python\n{{Prefers tight bins always.}}\n{BEST_FIT}```", "Prefers tight bins always."),
        (f"```python\n{BEST_FIT}```\n{{Said only afterwards, in braces.}}", "Said only afterwards, in braces."),
        (f"Sure! Here is the code:\n\n**Idea**: Rank bins by gap. Then more.\n```python\n{BEST_FIT}```", "Idea: Rank bins by gap."),
        (f"Sure! Here is the code:\n```python\n{BEST_FIT}```\nIt is fast.", ""),
        ("def priority(item, bins):\n    '''Harmonic weights.\n\n    More.\n    '''\n    return bins\n", "Harmonic weights."),
        (BEST_FIT, ""),
        (f"{{{'long words ' * 100}}}\n```python\n{BEST_FIT}```", ("long words " * 100)[:499].rstrip() + "…"),
    ],
)  # fmt: skip
def test_thought(text: str, thought: str) -> None:
    """The thought is the sentence in braces, else what the author said first about the idea, on one line."""
    assert taken(text).thought == thought
