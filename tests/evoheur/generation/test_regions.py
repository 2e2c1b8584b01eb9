"""Where in a reply the code is."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.regions import Region, code_regions, fenced_blocks


def test_fenced_blocks() -> None:
    """Blocks come with the lines they cover, fences included, and their code without common indentation."""
    lines = ["text", "```python", "x = 1", "```", "more", "   ~~~", "   y = 2", "     # z", "   ~~~", "end"]
    assert list(fenced_blocks(lines)) == [Region(1, 4, "x = 1", 2), Region(5, 9, "y = 2\n  # z", 6)]


def test_unclosed_block_ends_at_the_next_one_with_a_language() -> None:
    """A forgotten closing fence does not swallow the block that follows."""
    lines = ["```python", "x = 1", "and then", "```python", "y = 2"]
    assert list(fenced_blocks(lines)) == [Region(0, 3, "x = 1\nand then", 1), Region(3, 5, "y = 2", 4)]


def test_code_beside_the_fence_counts_and_attributes_do_not() -> None:
    """Some models begin the code on the fence's own line."""
    assert next(iter(fenced_blocks(["```python import math", "x = 1", "```"]))).code == "import math\nx = 1"
    assert next(iter(fenced_blocks(["```python copy", "x = 1", "```"]))).code == "x = 1"


def test_code_regions_end_before_what_does_not_parse() -> None:
    """A function is whole or left out; prose around it and between is passed over; the offset shifts the line numbers."""
    text = "We try this:\nimport math\n\nNow the rule:\ndef f(x):\n    return x\nIt is good.\ndef g(x):\n    a = 1\n    return (\nEnd."
    assert list(code_regions(text.split("\n"), offset=100)) == [
        Region(101, 102, "import math", 101),
        Region(104, 106, "def f(x):\n    return x", 104),
    ]


def test_functions_inside_a_broken_function_are_not_found() -> None:
    """An inner function is not the one that was asked for."""
    assert list(code_regions(["def f(x):", "    def priority(item, bins):", "        return bins", "    return (", "end"])) == []


@given(
    st.lists(
        st.sampled_from(["```", "```py", "~~~", "x = 1", "def f():", "    return 1", "", "prose here", "@", "(", '"""']),
        max_size=20,
    )
)
def test_regions_are_ordered_and_inside_the_text(lines: list[str]) -> None:
    """Whatever the text, regions are disjoint stretches of it in their order."""
    for regions in (list(fenced_blocks(lines)), list(code_regions(lines))):
        assert all(region.start < region.stop <= len(lines) for region in regions)
        assert all(before.stop <= after.start for before, after in itertools.pairwise(regions))
