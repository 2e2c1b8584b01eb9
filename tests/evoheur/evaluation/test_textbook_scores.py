"""Textbook rules scored in this process."""

from pathlib import Path

from evoheur.candidate import Status
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.textbook_scores import score_textbook_rules
from evoheur.problem_loading import load_problem

FAULTY = str(Path(__file__).parents[1] / "testing" / "faulty")


def test_every_rule_is_announced_scored_and_timed() -> None:
    """The smallest of 5, 1 and 9 (or 10) is 1, the optimum, so the gap is 0."""
    problem = load_problem(FAULTY)
    heard: list[str] = []
    scored = score_textbook_rules(problem, InstanceSet.of_split(problem, "train"), starting=heard.append)
    assert heard == ["smallest"]
    assert scored["smallest"].objective == 0.0
    assert all(result.cpu_seconds >= 0 for result in scored["smallest"].results)


def test_a_rule_that_fails_says_where_and_why() -> None:
    problem = load_problem(FAULTY, {"fault": "rule"})
    scored = score_textbook_rules(problem, InstanceSet.of_split(problem, "train"))["smallest"]
    assert (scored.status, scored.objective) == (Status.INFEASIBLE, None)
    assert scored.detail == "train-0: the answer has 2 entries, expected 1"
