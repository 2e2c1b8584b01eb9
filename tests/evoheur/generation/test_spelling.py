"""Characters that look like others, or like nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.spelling import in_plain_characters, normalised
from tests.evoheur.generation.support.replies import BEST_FIT, same, taken


def test_normalised() -> None:
    """Line ends become Unix's; invisible characters that Python refuses go."""
    assert normalised("\ufeffa\r\nb\rc\u00a0d\u200be") == "a\nb\nc de"


@given(
    places=st.lists(st.integers(0, len(BEST_FIT)), max_size=10),
    sign=st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202a\u202e\u2066\u180e\ufe0f\U000e0041"),
)
def test_what_shows_nothing_changes_nothing(places: list[int], sign: str) -> None:
    code = BEST_FIT
    for place in sorted(places, reverse=True):
        code = code[:place] + sign + code[place:]
    assert same(taken(code).code, BEST_FIT)
    assert same(taken(f"```python\n{code}```").code, BEST_FIT)


@pytest.mark.parametrize(
    "code",
    [
        "def priority（item，bins）：\n    return －（bins － item）＊１．０\n",
        "def priority(item, bins)：\n\u3000\u3000\u3000\u3000return -(bins - item) * 1.0\n",
        "def priority(item, bins):\n    return −(bins − item) × 1.0\n",
        "def priority(item, bins):\n\u00a0\u00a0\u00a0\u00a0return\u2009-(bins\u2003-\u202fitem) * 1.0\n",
        "def priority(item, bins):\n    return -(bins - item) * float(“1.0”)\n",
        "def priority(item, bins):\x00\n    return -(bins – item) * 1.0\n".replace("\x00", "\x07"),
    ],
    ids=[
        "full width",
        "ideographic blanks",
        "signs of mathematics",
        "blanks of other widths",
        "typographic quotes",
        "a bell and a dash",
    ],
)
def test_code_in_other_characters(code: str) -> None:
    """What looks like Python is read as such; the idea beside it keeps its own characters."""
    expected = "def priority(item, bins):\n    return -(bins - item) * " + ('float("1.0")\n' if "float" in code else "1.0\n")
    assert same(taken(f"```python\n{code}```").code, expected)
    assert same(taken(code).code, expected)
    assert taken(f"{{选最满的箱子：最好。}}\n```python\n{code}```").thought == "选最满的箱子：最好。"


def test_code_that_is_python_keeps_its_characters() -> None:
    code = "def priority(item, bins):\n    # 优先（最满）－ best × fit\n    return '：×'\n"
    assert taken(f"```python\n{code}```").code == code


@given(st.text())
def test_every_line_stays_a_line(text: str) -> None:
    assert in_plain_characters(text).count("\n") == text.count("\n")
