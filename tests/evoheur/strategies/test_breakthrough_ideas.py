"""Ideas: how they are read, how often they are used, and what is told of them."""

from hypothesis import given
from hypothesis import strategies as st

from evoheur.strategies.breakthrough_ideas import IdeaBook, read_ideas

LIST = """Here they are:

1. Keep a van free.
   It helps large parcels.
2) **Count** what still fits.
- 3: Look ahead.
4. One too many.
"""


def test_items_are_read_by_their_numbers() -> None:
    assert read_ideas(LIST, 3) == ["Keep a van free. It helps large parcels.", "**Count** what still fits.", "Look ahead."]
    assert read_ideas("**Idea 1: look ahead**\n\nIdea 2. wait", 3) == ["look ahead**", "wait"]
    assert read_ideas("I have no ideas. 1.5 is a number.", 3) == []
    assert read_ideas("", 3) == []


@given(text=st.text(alphabet=st.sampled_from("123.): -*a\n\t"), max_size=200), most=st.integers(0, 4))
def test_any_reply_is_read(text: str, most: int) -> None:
    ideas = read_ideas(text, most)
    assert len(ideas) <= most
    assert all(idea and idea == " ".join(idea.split()) for idea in ideas)


def test_each_idea_is_used_twice_in_turn_and_never_again() -> None:
    book = IdeaBook(uses=2, shown=10)
    book.add(["a", "b", "c"])
    assert [book.take() for _ in range(7)] == [(1, "a"), (2, "b"), (3, "c"), (1, "a"), (2, "b"), (3, "c"), None]


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=60))
def test_no_idea_is_ever_used_a_third_time(steps: list[int | None]) -> None:
    """Numbers add so many ideas, None takes one."""
    book = IdeaBook(uses=2, shown=3)
    used: list[int] = []
    for step in steps:
        if step is not None:
            book.add(["idea"] * step)
        elif (taken := book.take()) is not None:
            used.append(taken[0])
    assert max((used.count(number) for number in used), default=0) <= 2


def test_what_became_of_ideas_is_told() -> None:
    book = IdeaBook(uses=2, shown=3)
    book.add(["a", "b", "c", "d"])
    for _ in range(8):
        book.take()
    book.learn(2, worked=True, improved=True)
    book.learn(2, worked=True, improved=False)
    book.learn(3, worked=False, improved=False)
    book.learn(3, worked=True, improved=False)
    book.learn(77, worked=True, improved=True)
    assert book.report() == "b (better than before in 1 of 2)\nc (no better in 2)\nd (not tried yet)"
    book.learn(4, worked=False, improved=False)
    book.add(["e"])
    assert book.report().splitlines()[1:] == ["d (failed in 1)", "e (not tried yet)"]
