"""What prompts tell of a run, from step to step."""

from dataclasses import replace
from typing import Any

import pytest

from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.code.screening import ALLOWED_IMPORTS
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.facts import PromptFacts, ReachedScore
from evoheur.request import Failure, Outcome, Request, RequestKind, Rescored
from evoheur.run.prompt_news import OWN, PromptFactsConfig, PromptNews, lasting_facts
from evoheur.run.step import Step
from evoheur.testing.strategy_runs import made_up_candidate
from tests.evoheur.run.test_pipeline import step_at

MODEL = Request(operator="e1")
BESIDE = Request(operator="tune", kind=RequestKind.TUNING_BESIDE)
RULES = {"best": ReachedScore(name="the best textbook rule, best", worth=3.0)}


def scored(objective: float | None, status: Status = Status.OK, detail: str = "", number: int = 1) -> Candidate:
    bred = made_up_candidate(number, objective)
    results = (
        ()
        if objective is None
        else tuple(
            InstanceResult(instance=family, family=family, status=Status.OK, cost=100 + gap, reference=100.0)
            for family, gap in (("a", objective - 1), ("b", objective + 1))
        )
    )
    return replace(
        bred,
        evaluation=replace(
            bred.evaluation,
            status=status,
            detail=detail,
            results=results,
            objective_kind=None if objective is None else "gap_percent",
            aggregate="mean_of_gaps",
        ),
    )


def news(config: PromptFactsConfig | None = None) -> PromptNews:
    made = PromptNews(
        config=config or PromptFactsConfig(), lasting=PromptFacts(seconds=10.0, scores=(RULES["best"],)), bounds=True
    )
    made.begin_with(scored(5.0, number=0))
    return made


def hear(made: PromptNews, outcome: Outcome, request: Request = MODEL, number: int = 1) -> None:
    step: Step = step_at(number, request)
    made.asked(step)
    step.outcome = outcome
    made.told(step)


def test_scores_say_what_they_are() -> None:
    """Own heuristic and textbook rule, by family, with their unit; no best so far at the start."""
    facts = news().facts
    assert facts.unit == "percent above the lower bounds, the mean over all instances"
    assert [score.name for score in facts.scores] == [OWN, "the best textbook rule, best"]
    assert dict(facts.scores[0].families) == pytest.approx({"a": 4.0, "b": 6.0})
    assert facts.best is None


def test_the_best_so_far_is_the_searchs_own() -> None:
    """What is worse, failed or was tuned beside the search changes nothing: the search must go the same way without that."""
    made = news()
    hear(made, scored(4.0))
    hear(made, scored(4.5))
    hear(made, scored(None, Status.ERROR))
    hear(made, scored(1.0), BESIDE)
    assert made.facts.best is not None
    assert made.facts.best.worth == 4.0


def test_equal_scores_are_said_once() -> None:
    made = PromptNews()
    made.begin_with(scored(5.0))
    own = made.facts.scores[0]
    twice = PromptNews(lasting=PromptFacts(scores=(replace(own, name="the best textbook rule, x"),)))
    twice.begin_with(scored(5.0))
    assert [score.name for score in twice.facts.scores] == [f"{OWN} and the best textbook rule, x"]


def test_a_new_epoch_begins_without_scores() -> None:
    """Until its own heuristic is scored again: others' scores do not compare."""
    made = news()
    hear(made, scored(4.0))
    made.asked(step_at(9, Request.rescoring(scored(5.0, number=0), epoch=1)))
    assert (made.facts.scores, made.facts.best) == ((), None)
    hear(made, Rescored(candidate=scored(7.0, number=0)), Request.rescoring(scored(5.0, number=0), epoch=1))
    hear(made, Rescored(candidate=scored(6.0, number=4)), Request.rescoring(scored(4.0, number=4), epoch=1))
    assert [score.worth for score in made.facts.scores] == [7.0]
    assert made.facts.best is not None
    assert made.facts.best.worth == 6.0


def test_failures_are_told_once_they_come_again() -> None:
    """The most frequent kind first, with the newest example; what did not come of a reply does not count."""
    made = news()
    hear(made, scored(None, Status.TIMEOUT))
    assert made.facts.failures == ()
    for name in ("x", "y"):
        hear(made, scored(None, Status.ERROR, f"NameError: name '{name}' is not defined"))
    hear(made, scored(None, Status.TIMEOUT))
    hear(made, scored(None, Status.ERROR, "NameError: name 'z' is not defined"))
    hear(made, Failure(stage="generation", reason="timeout", detail=""))
    facts = made.facts
    assert facts.replies == 5
    assert [(failure.count, failure.example) for failure in facts.failures] == [
        (3, "NameError: name 'z' is not defined"),
        (2, ""),
    ]


def test_failures_are_forgotten() -> None:
    made = news(PromptFactsConfig(failures=3))
    for _ in range(3):
        hear(made, scored(None, Status.TIMEOUT))
    assert [failure.count for failure in made.facts.failures] == [3]
    for _ in range(2):
        hear(made, scored(6.0))
    assert (made.facts.failures, made.facts.replies) == ((), 3)


def test_what_is_switched_off_is_not_told() -> None:
    made = news(PromptFactsConfig(scores=False, failures=0))
    for _ in range(3):
        hear(made, scored(None, Status.TIMEOUT))
    hear(made, scored(1.0))
    facts = made.facts
    assert (facts.scores, facts.best, facts.failures, facts.unit) == ((), None, (), "")


def test_advice_is_asked_for_by_the_number_of_the_next_request() -> None:
    made = PromptNews(advice=lambda number: (f"for {number}",))
    assert made.facts.advice == ("for 1",)
    made.asked(step_at(12, MODEL))
    assert made.facts.advice == ("for 13",)


def lasting(name: str, config: PromptFactsConfig | None = None, settings: dict[str, Any] | None = None) -> PromptFacts:
    problem = load_problem(name, settings or {})
    good = Evaluation(status=Status.OK, objective=3.0, objective_kind="gap_percent", split="train", aggregate="mean_of_gaps")
    return lasting_facts(
        config or PromptFactsConfig(),
        problem,
        ProblemCard.from_problem(problem),
        instances=tuple(problem.instances("train")),
        textbook={"weighted_sum_of_squares": replace(good, objective=1.0), "sum_of_squares": replace(good, objective=2.0)},
        cpu_seconds=10.0,
        imports=(*ALLOWED_IMPORTS, "scipy"),
    )


def test_limits_follow_from_the_largest_instance() -> None:
    """Ten seconds for 5,000 items are two milliseconds each; what may be imported beyond the usual is told."""
    facts = lasting("bin_packing_online_levels")
    assert (facts.seconds, facts.calls, facts.call_seconds) == (10.0, 5000, "2 milliseconds")
    assert facts.imports == ("scipy",)


def test_best_textbook_rule_is_one_that_knows_no_more() -> None:
    """The rule that knows how many items come is of another class."""
    facts = lasting("bin_packing_online_levels")
    assert [score.name for score in facts.scores] == ["the best textbook rule, sum_of_squares"]


def test_an_example_is_given_where_the_interface_is_wide() -> None:
    """The shortest textbook rule, as a body; none where there are one or two arrays."""
    example = lasting("cvrp_savings").example
    assert example is not None
    assert (example.rule, example.function, example.body) == (
        "clarke_wright",
        "joining",
        "return home_near + home_far - distance",
    )
    assert lasting("tsp_aco").example is not None
    assert lasting("bin_packing_online").example is None
    assert lasting("cvrp_savings", PromptFactsConfig(example=False)).example is None


@pytest.mark.parametrize("name", bundled_problems())
def test_every_problem_has_facts(name: str) -> None:
    """Whatever its textbook rules express: of some, not the first function."""
    facts = lasting(name)
    assert facts.calls is not None
    assert facts.example is None or facts.example.function in {function.__name__ for function in load_problem(name).functions()}


def test_symmetries_are_told_with_the_limits() -> None:
    assert any("lengths" in each for each in lasting("cvrp_savings").symmetries)
    without = lasting("cvrp_savings", PromptFactsConfig(limits=False))
    assert (without.symmetries, without.seconds) == ((), None)
