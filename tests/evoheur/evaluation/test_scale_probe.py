"""Candidates in other units: a problem whose jobs have lengths and weights, each in a unit of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.candidate import Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.evaluation.scale_probe import difference
from evoheur.problem import Json
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits
from evoheur.sandbox.process import ProcessSandbox

FOLDER = str(Path(__file__).parents[2] / "job_order")
LIMITS = Limits(load_seconds=5, cpu_seconds=2, wall_seconds=5, memory_mib=256, output_bytes=100_000)


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    made = Evaluator(load_problem(FOLDER), ProcessSandbox(guest_entry(FOLDER, {})), LIMITS, seed=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def train() -> InstanceSet:
    return InstanceSet.of_split(load_problem(FOLDER), "train")


def rule(text: str) -> str:
    return f"import numpy as np\nSEEN = []\ndef urgency(lengths, weights, numbers):\n    {text}\n"


def task(instances: InstanceSet, text: str, *, scale_probe: bool = True) -> EvaluationTask[InstanceSet]:
    return EvaluationTask(code=rule(text), instances=instances, scale_probe=scale_probe)


@pytest.mark.parametrize(
    "text",
    [
        "return weights / lengths",
        "return weights / weights.mean() - lengths / lengths.mean()",
        "return np.exp(-20 * np.abs(lengths / lengths.max() - weights / weights.max()))",
        "SEEN.append(len(lengths)); return weights / lengths * (1 if len(SEEN) > 1 else -1)",
    ],
    ids=["ratio", "means", "exponent", "remembers"],
)
def test_a_rule_that_is_free_of_units_is_scored(evaluator: Evaluator, train: InstanceSet, text: str) -> None:
    """As if nobody had looked; what it remembers of instances before is the same in other units."""
    tried = evaluator.evaluate(task(train, text))
    assert tried.status is Status.OK, tried.detail
    assert tried.objective == evaluator.evaluate(task(train, text, scale_probe=False)).objective
    assert len(tried.results) == len(train.instances)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("return np.exp(-np.abs(lengths - weights))", "train-0 with lengths × 1024 is solved another way: "),
        ("return weights * 1.0 - lengths", "train-0 with lengths × 1024 is solved another way: "),
        ("return weights * (weights < 20) - lengths / 1e9", "train-0 with weights × 10 is solved another way: "),
        ("return -numbers", "train-0 with jobs from the last to the first is solved another way: 11 instead of 0 at [0]"),
        ("return weights / lengths if lengths.max() < 50 else None", "with lengths × 1024: train-0: "),
    ],
    ids=["exponent", "difference", "threshold", "numbers", "fails"],
)
def test_a_rule_that_mixes_units_is_refused(evaluator: Evaluator, train: InstanceSet, text: str, words: str) -> None:
    """With the instance, the symmetry and the first difference; nothing is left of its score."""
    assert evaluator.evaluate(task(train, text, scale_probe=False)).status is Status.OK
    tried = evaluator.evaluate(task(train, text))
    assert (tried.status, tried.objective, tried.objective_kind, tried.results) == (Status.SCALE_DEPENDENT, None, None, ())
    assert words in tried.detail
    assert evaluator.evaluate(task(train, text)) == tried


def test_chance_is_not_called_a_unit(evaluator: Evaluator, train: InstanceSet) -> None:
    """A rule that does not even repeat itself is an error."""
    tried = evaluator.evaluate(task(train, "import os; return np.frombuffer(os.urandom(len(lengths)), dtype=np.uint8)"))
    assert tried.status is Status.ERROR
    assert tried.detail.startswith("not repeatable: solving train-0 again in a fresh process gives another solution: ")


def test_a_limit_that_only_the_changed_instance_meets_keeps_its_word(evaluator: Evaluator, train: InstanceSet) -> None:
    """Time and memory say nothing of units."""
    tried = evaluator.evaluate(task(train, "while lengths.max() > 1000: pass\n    return weights / lengths"))
    assert tried.status is Status.TIMEOUT
    assert tried.detail.startswith("with lengths × 1024: train-0: ")


def test_a_problem_without_symmetries_is_left_alone(scheduling: str) -> None:
    """Nothing is solved again."""
    instances = InstanceSet.of_split(load_problem(scheduling), "train")
    assert not instances.symmetric
    evaluator = Evaluator(load_problem(scheduling), ProcessSandbox(guest_entry(scheduling, {})), LIMITS, seed=1)
    try:
        code = "def choose(length, loads):\n    return -loads.astype(float) if length < 60 else loads * 1.0\n"
        one = evaluator.evaluate(EvaluationTask(code=code, instances=instances, scale_probe=True))
        assert (one.status, len(one.results)) == (Status.OK, 4)
    finally:
        evaluator.close()


def test_few_instances_are_of_all_families(train: InstanceSet) -> None:
    """In the order of the set, and with what belongs to them."""
    few = train.few(3)
    assert [instance.name for instance in few.instances] == ["train-0", "train-1", "train-3"]
    assert [instance.family for instance in few.instances] == ["short", "short", "long"]
    assert [encoded["name"] for encoded in few.encoded] == ["train-0", "train-1", "train-3"]
    assert train.few(9) is train


@pytest.mark.parametrize(
    ("own", "other", "words"),
    [
        ([1, [2, 3]], [1, [2, 3]], None),
        ([1, [2, 3]], [1, [2, 4]], "4 instead of 3 at [1][1]"),
        ([[1], [2]], [[1]], "1 entries instead of 2"),
        ([[1, 2]], [[1]], "1 entries instead of 2 at [0]"),
        ({"a": 1}, {"a": 2}, "2 instead of 1 at ['a']"),
        ({"a": 1}, {"b": 1}, "{'b': 1} instead of {'a': 1}"),
        (0.1 + 0.2, 0.3, None),
        (3, 3.0, None),
        (1.0, 1.001, "1.001 instead of 1.0"),
        (1, True, "True instead of 1"),
        (None, [], "[] instead of None"),
    ],
)
def test_the_first_difference_is_told(own: Json, other: Json, words: str | None) -> None:
    """Real numbers may differ by the rounding of a sum; whole ones, truth values and lengths may not."""
    assert difference(own, other) == words
