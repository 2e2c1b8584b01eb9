"""The idea behind a heuristic, as its author put it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.spelling import normalised
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


@pytest.mark.parametrize(
    "idea",
    [
        "优先选择放入物品后剩余空间最小的箱子",
        "选最满的箱子",
        "残り容量が最も小さいビンを優先する",
        "เลือกถังที่เหลือที่ว่างน้อยที่สุด",
        "ជ្រើសរើសធុងដែលពេញជាងគេ",
        "가장 빡빡한 상자를 고른다",
        "Предпочитает самый полный ящик",
        "يفضل الصندوق الأكثر امتلاء",
        "सबसे भरे हुए डिब्बे को चुनता है",
        "Ưu tiên thùng đầy nhất",
    ],
)
def test_an_idea_in_any_script(idea: str) -> None:
    """With blanks between its words or without, in braces of any width, in a comment, in prose, below words that announce it."""
    assert taken(f"{{{idea}}}\n```python\n{BEST_FIT}```").thought == idea
    assert taken(f"｛{idea}｝\n```python\n{BEST_FIT}```").thought == idea
    assert taken(f"```python\n# {{{idea}}}\n{BEST_FIT}```").thought == idea
    assert taken(f"{idea}。\n\n```python\n{BEST_FIT}```").thought == f"{idea}。"
    assert taken(f"好的。以下是代码：\n{idea}\n```python\n{BEST_FIT}```").thought == idea


@pytest.mark.parametrize(
    "debris",
    [
        "!pip install numpy",
        "pip install numpy scipy",
        "$ python3 -m pip install numpy",
        "%load_ext autoreload now",
        "#!/usr/bin/env python3",
        "[/INST] python",
        "<|start_header_id|>assistant<|end_header_id|>",
        "<|im_start|>assistant",
        "</s>[INST] code [/INST]",
        "[THINK]first try: count what is free.[/THINK]",
        "{...}",
        "{…}",
        "# {...}",
        "{ ... }",
        "{Your idea in one sentence in curly braces}",
    ],
)
def test_debris_is_no_thought(debris: str) -> None:
    """Commands of a shell, marks of chat templates and of reasoning, the copied form of the answer; what stands below them is found."""
    assert taken(f"{debris}\n```python\n{BEST_FIT}```").thought == ""
    assert taken(f"{debris}\nPrefers tight bins.\n```python\n{BEST_FIT}```").thought == "Prefers tight bins."
    assert taken(f"```python\n# {debris}\n# {{Prefers tight bins.}}\n{BEST_FIT}```").thought == "Prefers tight bins."


def test_dots_of_the_form_do_not_begin_a_thought() -> None:
    assert taken(f"```python\n# {{... prefers tight bins}}\n{BEST_FIT}```").thought == "prefers tight bins"


@given(
    idea=st.text(st.characters(categories=("Lu", "Ll", "Lo", "Lm", "Mn", "Mc")), min_size=8, max_size=40).filter(
        lambda idea: idea.isprintable() and normalised(idea) == idea
    ),
    blank=st.integers(2, 6),
)
def test_words_of_any_letters_are_kept(idea: str, blank: int) -> None:
    """Two words of whatever letters there are, in braces, are a thought."""
    words = f"{idea[:blank]} {idea[blank:]}"
    assert taken(f"{{{words}}}\n```python\n{BEST_FIT}```").thought == " ".join(words.split())
