"""The textbook rules are scored once for however many runs."""

from collections.abc import Sequence
from typing import Any

from evoheur.evaluation.textbook_scores import score_textbook_rules
from evoheur.problem import Problem, Split
from evoheur.problem_loading import load_problem
from evoheur.run.instance_source import InstanceSource
from evoheur.run.selection_config import TrainConfig
from evoheur.run.textbook_evaluations import TextbookEvaluations


def watched(problem: Problem[Any], asked: list[Split]) -> Problem[Any]:
    """The same problem, which writes down whenever instances are made."""
    made = problem.instances

    class Watched(type(problem)):  # type: ignore[misc]  # the class is only known when its folder is loaded
        def instances(self, split: Split) -> Sequence[Any]:
            asked.append(split)
            return made(split)

    found: Problem[Any] = Watched()
    return found


def test_every_split_is_scored_once_and_as_ever(scheduling: str) -> None:
    problem = load_problem(scheduling)
    asked: list[Split] = []
    source = InstanceSource(problem=watched(problem, asked))
    rules = TextbookEvaluations(source, TrainConfig(), seed=1)
    assert asked == [], "not before somebody wants to know"
    splits: Sequence[Split] = ("train", "validation", "train")
    found = [rules.on(split) for split in splits]
    assert asked == ["train", "validation"]
    assert found[0] is found[2]
    plain = score_textbook_rules(problem, InstanceSource(problem=problem).split("validation"))
    assert {name: evaluation.objective for name, evaluation in found[1].items()} == {
        name: evaluation.objective for name, evaluation in plain.items()
    }
