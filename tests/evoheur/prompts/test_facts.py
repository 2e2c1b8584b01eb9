"""Facts of a run, and how prompts tell them."""

from dataclasses import replace

import pytest

from evoheur.problem_loading import load_problem
from evoheur.prompts.card import MatrixCard, ProblemCard
from evoheur.prompts.facts import FunctionExample, PromptFacts, ReachedScore, RecurringFailure
from evoheur.prompts.render import PromptLibrary
from tests.evoheur.prompts.cases import CASES
from tests.evoheur.prompts.support.made_up import VanLoading

FACTS = PromptFacts(
    seconds=10.0,
    calls=5000,
    imports=("scipy",),
    symmetries=("lengths × 1024",),
    example=FunctionExample(rule="tight_fit", function="load_order", body="return -room"),
    unit="percent above the lower bounds",
    scores=(ReachedScore(name="the problem's own heuristic", worth=2.25, families=(("small vans", 1.5), ("large vans", 3.0))),),
    best=ReachedScore(name="the best heuristic so far", worth=1.75),
    replies=20,
    failures=(RecurringFailure(count=3, remedy="guard divisions.", example="ZeroDivisionError: vans"),),
    advice=("Look two parcels ahead.",),
)
TOLD = [
    "- Time: 10 seconds of processor time for an instance",
    "about 5,000 calls, which leaves 2 milliseconds for each",
    "Use NumPy as `np`, `scipy` and plain Python.",
    "changed in these ways: lengths × 1024.",
    "the textbook rule tight_fit is this body of `load_order`:\n\n```python\nreturn -room\n```",
    "In percent above the lower bounds; less is better.",
    "- the problem's own heuristic: 2.25 (small vans 1.5 %, large vans 3 %)",
    "The best heuristic so far reaches 1.75; aim for less.",
    "Of the last 20 answers,\n\n- 3 failed (ZeroDivisionError: vans): guard divisions.",
    "# Advice from the user\n\n- Look two parcels ahead.",
]


def prompt(name: str, facts: PromptFacts) -> str:
    problem, request = CASES[name]
    (message,) = PromptLibrary(ProblemCard.from_problem(problem())).render(name.partition("/")[0], request, facts)
    return message.content


@pytest.mark.parametrize("name", ["eoh/m1", "reevo/mutate", "hsevo/init", "funsearch/improve", "any/repair", "opro/propose"])
def test_every_fact_is_told_once(name: str) -> None:
    """What lasts comes before what is news, and that before what is asked."""
    text = prompt(name, FACTS)
    places = [text.index(each) for each in TOLD]
    assert [text.count(each) for each in TOLD] == [1] * len(TOLD)
    assert max(places[:7]) < min(places[7:])
    assert max(places) < text.index("# What you are to do")


def test_without_facts_nothing_is_said_of_them() -> None:
    text = prompt("eoh/m1", PromptFacts())
    for word in (
        "processor time",
        "What is known",
        "aim for less",
        "went wrong",
        "Advice",
        "textbook rule",
        "changed in these ways",
    ):
        assert word not in text


def test_a_problem_that_is_hidden_stays_hidden() -> None:
    """Limits, remedies and advice only: families, rules, symmetries and what was raised would tell it."""
    text = prompt("reevo/mutate_black_box", FACTS)
    for word in ("vans", "tight_fit", "lengths", "own heuristic", "2.25", "1.75"):
        assert word not in text
    for word in ("processor time", "guard divisions.", "Look two parcels ahead."):
        assert word in text


def test_changes_in_place_are_asked_for_at_the_end() -> None:
    """All before is the same as without, so that servers read it once."""
    problem, request = CASES["eoh/m1"]
    library = PromptLibrary(ProblemCard.from_problem(problem()))
    (whole,) = library.render("eoh", request)
    (blocks,) = library.render("eoh", replace(request, context={**request.context, "edits": "blocks"}))
    beginning = whole.content.partition("# Form of the answer")[0]
    assert blocks.content.startswith(beginning)
    assert blocks.content.endswith("=======\nthe lines in their place\n>>>>>>> REPLACE\n")


@pytest.mark.parametrize(
    ("seconds", "calls", "words"),
    [
        (10.0, 5, "2 seconds"),
        (10.0, 30_000, "333 microseconds"),
        (10.0, 40, "250 milliseconds"),
        (1.0, 10**9, "0.001 microseconds"),
        (10.0, None, ""),
        (None, 5, ""),
    ],
)
def test_time_for_a_call_is_said_in_a_fitting_unit(seconds: float | None, calls: int | None, words: str) -> None:
    assert PromptFacts(seconds=seconds, calls=calls).call_seconds == words


def test_matrices_are_read_off_the_docstring() -> None:
    """Those of one shape together, the result among them; numbers are no words for rows."""
    (savings,) = ProblemCard.from_problem(load_problem("cvrp_savings", {"at_once": True})).functions
    names = ("distances", "depot_distances", "other_depot_distances", "demands", "other_demands", "return")
    assert savings.matrices == (MatrixCard(names=names, rows="customers", columns="customers"),)
    (promises,) = ProblemCard.from_problem(load_problem("cvrp_aco")).functions
    assert promises.matrices == (MatrixCard(names=("distance_matrix", "return"), rows="nodes", columns="nodes"),)
    assert ProblemCard.from_problem(VanLoading()).functions[0].matrices == ()


def test_entries_of_matrices_are_explained() -> None:
    library = PromptLibrary(ProblemCard.from_problem(load_problem("tsp_aco")))
    (message,) = library.render("eoh", CASES["eoh/i1"][1])
    assert "In `heuristics`, entry [i, j] of `distance_matrix` and the result belongs to cities i and j." in message.content
