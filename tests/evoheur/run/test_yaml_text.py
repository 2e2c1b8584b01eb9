"""Reading YAML: values with their places, and every fault as a mistake in one line."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.run.yaml_text import read_document, read_value, written

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{','.join([f'*{before}'] * 9)}]}}\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_values_are_what_was_written() -> None:
    text = "a: 1\nb: {c: [-1.5, 2e3, 010, 0x1f, 1_000, yes, ~, 1:30, 2001-09-09, '7', !!str 8, !!int 9]}\nd:\n"
    assert read_document(text, "r.yaml").data == {
        "a": 1,
        "b": {"c": [-1.5, 2000.0, 10, 31, 1000, True, None, "1:30", "2001-09-09", "7", "8", 9]},
        "d": None,
    }


def test_every_key_and_value_has_its_place() -> None:
    document = read_document("a: 1\nb:\n  c: [x,\n      y]\n", "r.yaml")
    assert str(document.place_of_key(("b", "c"))) == "r.yaml:3:3"
    assert str(document.place_of(("b", "c", 1))) == "r.yaml:4:7"
    assert str(document.place_of(("b", "c", 1, "unknown"))) == "r.yaml:4:7"


def test_what_is_nearer_wins_over_what_is_merged_in() -> None:
    document = read_document("base: &base {x: 1, y: 2}\nmine: {<<: *base, y: 3}\n", "r.yaml")
    assert document.data["mine"] == {"y": 3, "x": 1}
    assert not document.mistakes
    assert document.place_of(("mine", "x")).line == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\na: 2\n", "r.yaml:2:1: the key 'a' is here twice, first in line 1"),
        ("b: 1\n1: 2\n", "r.yaml:2:1: a key must be a word, but '1' is 1"),
        ("no: 2\n", "a key must be a word, but 'no' is False"),
        ("[1]: 2\n", "a key must be a word, but this is a list"),
        ("a:\n\tb: 1\n", "r.yaml:2:1: not valid YAML: while scanning for the next token, found character '\\t'"),
        ("a: [\n", "not valid YAML"),
        ("x\0", "r.yaml:1:2: not valid YAML: the character U+0000"),
        ("a: *b\n", "undefined alias 'b'"),
        ("--- 1\n--- 2\n", "expected a single document"),
        ("a: " + "[" * 3000, "nested more than 50 levels deep"),
        ("- " * 3000 + "x", "nested more than 50 levels deep"),
        ("a: &v {t: *v}\n", "an alias stands inside of what it names"),
        ("a: &v\n  <<: *v\n", "an alias stands inside of what it names"),
        (BOMB, "holds more than 20,000 values"),
        (MERGES, "holds more than 20,000 values"),
        ("a: " + "9" * 5000, "is a number of 5,000 characters"),
        ("a: 0x" + "f" * 5000, "is a number of 5,002 characters"),
        ("a: 1" + "_" * 5000, "is a number of 5,001 characters"),
        ("a: .nan\n", "r.yaml:1:4: .nan is no finite number"),
        ("a: -.inf\n", "-.inf is no finite number"),
        ("a: 1e999\n", "1e999 is no finite number"),
        ('a: "\\ud800"\n', "'\\ud800' holds half a character"),
        ('"\\udfff": 1\n', "holds half a character"),
        ('a: "\\UFFFFFFFF"\n', "not valid YAML"),
        ("a: !!set {b}\n", "the tag '!!set' is not supported"),
        ("a: !!timestamp 2001-01-01\n", "the tag '!!timestamp' is not supported"),
        ("a: !!binary aGk=\n", "the tag '!!binary' is not supported"),
        ("a: !!python/object/apply:os.getpid []\n", "is not supported"),
        ("a: {<<: 1}\n", "<< takes a mapping"),
    ],
)
def test_a_fault_is_one_mistake_with_its_place(text: str, says: str) -> None:
    [mistake] = read_document(text, "r.yaml").mistakes
    assert says in str(mistake)
    assert "\n" not in str(mistake)
    str(mistake).encode()


def test_all_faults_of_a_text_are_found() -> None:
    document = read_document("a: .nan\n1: 2\nb: {c: !!set {d}, c: 3}\n", "r.yaml")
    assert [mistake.place.line for mistake in document.mistakes] == [1, 2, 3, 3]
    assert document.left_out == {("a",), ("b", "c")}


def test_the_value_of_an_option_names_the_option() -> None:
    assert read_value("{a: [1]}", "--set 'x={a: [1]}'").data == {"a": [1]}
    with pytest.raises(ConfigError, match=r"^--set 'x=\[': not valid YAML"):
        read_value("[", "--set 'x=['")


def test_long_values_are_cut() -> None:
    assert written("x" * 100, 10) == "'xxxxxxxx…"
    assert written(10**5000) == "a number too long to show"


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary()
_TREES = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_SCALARS, inner, max_size=4))


@given(_TREES)
def test_whatever_is_written_as_yaml_is_read_or_refused(tree: object) -> None:
    document = read_document(yaml.safe_dump(tree, allow_unicode=True), "r.yaml")
    for mistake in document.mistakes:
        assert "\n" not in str(mistake)


@given(st.text(alphabet=st.sampled_from(list("ab01:-.[]{},&*!<|>'\"\\%#?@ \n\t\0~")) | st.characters(), max_size=60))
@example('"\\U00110000"')
@example("%YAML 9999999999999999999999.1\n---\na")
@example("%TAG ! !\n--- !x y")
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    for mistake in read_document(text, "r.yaml").mistakes:
        assert "\n" not in str(mistake)


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(-(10**6), 10**6) | st.text("xyz ", min_size=1) | st.booleans()))
def test_plain_values_come_back_as_they_were(data: dict[str, object]) -> None:
    assert read_document(yaml.safe_dump(data), "r.yaml").data == data
