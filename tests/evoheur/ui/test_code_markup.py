"""Code in colours: the same text, with nothing in it that a browser acts on."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.ui.code_markup import changes_markup, code_markup

TAG = re.compile(r'<span class="code-[a-z0-9]+">|</span>')


def test_words_of_the_language_are_marked() -> None:
    assert '<span class="code-k">def</span>' in code_markup("def score(item):\n    return 1\n")
    assert '<span class="code-gi">+new</span>' in changes_markup("--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new")


@given(st.text(max_size=300))
def test_any_text_is_there_whole_and_only_ours_are_tags(text: str) -> None:
    printable = "".join(char if char in "\n\t" or char.isprintable() else "?" for char in text)
    for marked in (code_markup(text), changes_markup(text)):
        bare = TAG.sub("", marked)
        assert "<" not in bare
        assert html.unescape(bare) == printable.encode(errors="replace").decode()


@pytest.mark.parametrize("text", ["<b>" * 30_000])
def test_what_nobody_reads_is_escaped_and_not_coloured(text: str) -> None:
    assert code_markup(text) == html.escape(text)
