"""Rich displays of candidates and results: what they show, and that nothing of a model's has an effect."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from evoheur.api.result import Result
from evoheur.html_fragments import code_block, escaped, paragraph, table
from evoheur.run.config import parse_config
from tests.evoheur.observers.support import made_up
from tests.evoheur.observers.test_notebook_display import HOSTILE, Tags

PLAIN = {"p", "strong", "em", "table", "thead", "tbody", "tr", "th", "td", "pre", "code"}
GIVEN = {"problem": "bin_packing_online", "strategy": {"kind": "random"}, "generator": {"kind": "mutator"}}


@given(st.text())
def test_no_text_makes_a_tag_or_moves_the_direction(words: str) -> None:
    shown = escaped(words)
    assert not Tags(shown).names
    assert all(char in "\n\t" or char.isprintable() for char in shown)
    for made, names in (
        (paragraph(words, strong=True), {"p", "strong"}),
        (code_block(words), {"pre", "code"}),
        (table([words], [[words]]), PLAIN),
    ):
        assert Tags(made).names <= names


def test_figures_stand_right_and_a_table_may_lack_headings() -> None:
    made = table((), [("best", "1.5 %")], right=[1])
    assert "thead" not in made
    assert made.index("text-align:left") < made.index("best") < made.index("text-align:right") < made.index("1.5 %")


def test_a_candidate_shows_idea_worth_and_code() -> None:
    best = made_up.candidate(17, made_up.scored(100.5), thought=HOSTILE, code="def f(a, b):\n    return a < b\n")
    html = best._repr_html_()
    assert "Candidate 17 (e2 of 3, 5); gap in percent 0.5 on train" in html
    assert "return a &lt; b" in html
    assert Tags(html).names == {"p", "strong", "em", "pre", "code"}
    assert "timeout: one: too slow" in made_up.candidate(3, made_up.failed())._repr_html_()


def test_a_record_shows_every_split() -> None:
    html = made_up.record(17, made_up.scored(100.5), made_up.scored(102.0, "validation"), thought=HOSTILE)._repr_html_()
    assert "made-up-1/17 (e2 of 3, 5)" in html
    assert html.index(">train<") < html.index(">0.5<") < html.index(">validation<") < html.index(">2<")
    assert Tags(html).names == PLAIN


def test_a_result_shows_its_best_beside_the_textbook() -> None:
    best = made_up.record(17, made_up.scored(100.5), made_up.scored(100.75, "validation"), thought=HOSTILE)
    result = Result(stopped=made_up.stopped(best), config=parse_config(GIVEN, where="here"), archive="sqlite:///a.db")
    html = result._repr_html_()
    assert "Run made-up-1 finished: budget of 100 evaluations used" in html
    assert "made-up-1/17" in html
    assert [html.index(words) for words in ("0.75 %", "4.00 %", "sum_of_squares", "1.00 %")]
    assert Tags(html).names == PLAIN
    assert repr(result).startswith("Result(run 'made-up-1' finished")


def test_a_result_without_a_best_says_so() -> None:
    stopped = replace(made_up.stopped(), best=())
    html = Result(stopped=stopped, config=parse_config(GIVEN, where="here"), archive="sqlite:///a.db")._repr_html_()
    assert "Nothing that was bred works." in html
