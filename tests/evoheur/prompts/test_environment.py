"""Templates write text and do nothing else, and come to an end."""

from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.environment import MAX_PROMPT, MAX_STEPS, PromptEnvironment
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Request

LURE = "a template was here"

ESCAPES = [
    "{{ cycler.__init__.__globals__.os.system('touch %s') }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ card.__class__.from_problem.__globals__ }}",
    "{{ card['__class__'] }}",
    "{{ card | attr('__class__') }}",
    "{{ '{0.__class__}'.format(card) }}",
    "{{ '{0.__class__}'.format_map({'0': card}) }}",
    "{{ [card] | map(attribute='__class__') | join }}",
    "{{ self.__init__.__globals__ }}",
    "{% for key in context.__init__.__globals__ %}{{ key }}{% endfor %}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ card.functions.__add__ }}",
    "{% set x = context %}{{ x.update({'a': 1}) }}",
    "{{ joiner.__call__.__func__.__code__ }}",
    "{{ versioned_code.__globals__ }}",
    "{{ range.__self__ }}",
]
"""What tutorials on template injection list, and a few of our own."""

ENDLESS = [
    "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in range(10 ** 9) %}x{% endfor %}",
    "{{ 'x' * 10 ** 10 }}",
    "{{ 10 ** (10 ** 10) }}",
    "{{ (10 ** 9999) * (10 ** 9999) * (10 ** 9999) * (10 ** 9999) * (10 ** 9999) }}",
    "{% set ns = namespace(x='x' * 1000) %}{% for a in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace(x='x' * 1000) %}{% for a in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% include 'eoh/i1.jinja' %}",
    "{{ 'x'.center(10 ** 10) }}",
    "{{ 'x' | center(10 ** 10) }}",
    "{{ '%10000000000d' % 1 }}",
    "{{ '%10000000000d' | format(1) }}",
    "{{ '%*d' % (10 ** 10, 1) }}",
    "{{ '{:10000000000}'.format(1) }}",
    "{{ '{:{w}}'.format(1, w=10 ** 10) }}",
    "{{ 'x' | indent(10 ** 10, first=true) }}",
    "{{ [1] * 10 ** 10 }}",
    "{{ 10 ** 10 * [1] }}",
    "{{ lipsum(n=10 ** 9) }}",
    "{% for a in range(99) %}{{ 'x' * 99999 }}{% endfor %}",
    "{{ ('x' * 9999).replace('x', 'x' * 9999) }}",
    "{{ ('x' * 999999) | replace('x', 'xx') }}",
]


def library(folder: Path, text: str) -> PromptLibrary:
    (folder / "eoh").mkdir()
    (folder / "eoh" / "i1.jinja").write_text(f"A line.\n{text}\n")
    return PromptLibrary(ProblemCard.from_problem(load_problem("bin_packing_online")), folder)


@pytest.mark.parametrize("text", ESCAPES)
def test_a_template_that_reaches_for_the_interpreter_is_refused_with_file_and_line(tmp_path: Path, text: str) -> None:
    """Nothing of it is run, and the message says where to look."""
    lure = tmp_path / LURE
    made = library(tmp_path, text.replace("%s", str(lure)))
    with pytest.raises(ConfigError, match=r"(must not do|is faulty) \(in 'eoh/i1.jinja', line 2\)"):
        made.render("eoh", Request(operator="i1"))
    assert not lure.exists()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ENDLESS)
def test_a_template_without_end_is_refused(tmp_path: Path, text: str) -> None:
    """Before it has taken the memory or the time."""
    with pytest.raises(ConfigError, match=r"'eoh/i1.jinja'"):
        library(tmp_path, text).render("eoh", Request(operator="i1"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{% for x in [1, 2, 3] %}{{ x }}{{ ', ' if not loop.last }}{% endfor %}", "1, 2, 3"),
        ("{% for x in 'abc' %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "1/3 2/3 3/3"),
        ("{% for x in [] %}{% else %}none{% endfor %}", "none"),
        ("{% for x in [[1, [2]]] recursive %}{{ x is sequence }}{% endfor %}", "True"),
        ("{{ '%.3f' | format(1234567.5) }} {{ '%d' % 123456 }} {{ '{:>6}'.format('x') }}", "1234567.500 123456      x"),
        ("{{ 27603 * 100 }} {{ 2 ** 10 }} {{ 'ab' * 3 }} {{ [1] + [2] }} {{ 'a' ~ 1 ~ 'b' }}", "2760300 1024 ababab [1, 2] a1b"),
        ("{{ 'a\nb' | indent(2) }}|{{ 'a' | center(5) }}|{{ [3, 1] | max }}", "a\n  b|  a  |3"),
        ("{% set ns = namespace(n=0) %}{% for x in range(5) %}{% set ns.n = ns.n + x %}{% endfor %}{{ ns.n }}", "10"),
    ],
)
def test_what_templates_do_in_earnest_they_still_can(text: str, written: str) -> None:
    assert PromptEnvironment({"t": text}, {}).write("t", {}).strip() == written


def test_the_limits_are_per_prompt() -> None:
    """A long run renders thousands of prompts with one environment."""
    made = PromptEnvironment({"t": "{% for x in range(n) %}x{% endfor %}"}, {})
    for _ in range(3):
        assert len(made.write("t", {"n": MAX_STEPS - 10})) == MAX_STEPS - 10
    assert MAX_STEPS < MAX_PROMPT


@pytest.mark.parametrize("text", ["{{ 1 / 0 }}", "{{ 'x' + 1 }}", "{{ [][3].x }}", "{{ 'x' | int + [] }}"])
def test_an_error_of_python_in_a_template_is_its_authors(tmp_path: Path, text: str) -> None:
    """File and line, and no "bug in evoheur"."""
    with pytest.raises(ConfigError, match=r"is faulty \(in 'eoh/i1.jinja', line 2\)"):
        library(tmp_path, text).render("eoh", Request(operator="i1"))


def test_what_was_compiled_is_used_again_for_the_same_text_only() -> None:
    written = [PromptEnvironment({"t": text}, {}).write("t", {"x": 3}) for text in ("{{ x }}", "{{ x + 1 }}", "{{ x }}")]
    assert written == ["3", "4", "3"]
