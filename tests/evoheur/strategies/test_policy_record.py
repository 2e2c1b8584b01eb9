"""Policies with their records, the grammar that breeds them, and what is read from replies."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.evaluation.policy_job import open_candidate
from evoheur.search_policy import PolicyChoice, read_choice
from evoheur.strategies.policy_grammar import PolicyGenes
from evoheur.strategies.policy_record import PolicyShelf, label_advice, policy_code
from tests.support.example_budget import cheap

PROGRAMS = [
    {
        "id": number,
        "cost": float(number),
        "label": "free",
        "code": "",
        "age": 9 - number,
        "children": number % 3,
        "better": number % 2,
    }
    for number in range(6)
]


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 6), contexts=st.integers(0, 4))
@cheap()
def test_whatever_is_bred_chooses_well(seed: int, count: int, contexts: int) -> None:
    """From any number of programs, with any allowance; ten generations away from the first policy, each of other code than its parent."""
    rng, genes = random.Random(seed), PolicyGenes()
    for _ in range(10):
        bred = genes.varied(rng)
        assert bred.source() != genes.source()
        genes = bred
    question = {"programs": PROGRAMS[:count], "progress": {"contexts": contexts}, "seed": seed}
    answer = open_candidate({"code": genes.source(), "name": "choose"})(question)
    assert isinstance(read_choice(answer, range(count), contexts=contexts), PolicyChoice)


def test_breeding_begins_at_the_best_of_the_grammar() -> None:
    """A faulty one and one that a model wrote are passed over, however high their score."""
    shelf = PolicyShelf()
    good = shelf.add(PolicyGenes(parent="best").source(), PolicyGenes(parent="best"))
    faulty = shelf.add(PolicyGenes(parent="rank").source(), PolicyGenes(parent="rank"))
    written = shelf.add("def choose(programs, progress, rng): ...")
    shelf.records[0].score, good.score, faulty.score, written.score = 0.0, 0.1, 0.9, 0.8
    faulty.is_faulty = True
    assert shelf.best() is written
    near = PolicyGenes(parent="best").varied(random.Random(3))
    assert shelf.bred(random.Random(3)).genes == near
    shown = shelf.shown(random.Random(1))
    assert shown[0] is written
    assert len({record.number for record in shown}) == 3


def test_a_record_says_what_came_of_a_policy() -> None:
    record = PolicyShelf().records[0]
    assert record.report().startswith("Policy 0: not measured yet\n\n```python\ndef choose(programs, progress, rng):")
    record.score, record.length, record.before, record.after, record.is_faulty = 0.05, 16, "2 programs", "9 programs", True
    assert record.report().startswith(
        "Policy 0: score 0.05 over 16 outcomes\nBefore: 2 programs\nAfter: 9 programs\nIt failed later on."
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("It draws.\n\n```python\ndef choose(a, b, c):\n    return a\n```\n", "def choose(a, b, c):\n    return a\n"),
        (
            "```\ndef choose(a, b, c): return 1\n```\nor\n```py\ndef choose(a, b, c): return 2\n```",
            "def choose(a, b, c): return 2\n",
        ),
        ("def choose(a, b, c):\n    return a", "def choose(a, b, c):\n    return a\n"),
        ("```python\ndef choosy(a): return a\n```", None),
        ("", None),
    ],
)
def test_the_last_block_with_a_policy_is_taken(text: str, code: str | None) -> None:
    assert policy_code(text) == code


@given(text=st.text(max_size=200))
@cheap()
def test_any_reply_can_be_read(text: str) -> None:
    code, advice = policy_code(text), label_advice(text)
    assert code is None or "def choose(" in code
    assert all(label in {"refine", "diverge", "free"} for label in advice)


def test_advice_is_read_by_label() -> None:
    assert label_advice("Well.\n- **Refine:** Turn the weights.\nSlowly.\n## Diverge: Look ahead.") == {
        "refine": "Turn the weights. Slowly.",
        "diverge": "Look ahead.",
    }
