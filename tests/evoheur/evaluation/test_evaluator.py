"""One candidate over instances: real guests, a scheduling problem, honest and hostile code."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evoheur.candidate import Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import JailConfig, guest_entry
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits
from evoheur.sandbox.process import ProcessSandbox

LIMITS = Limits(load_seconds=5, cpu_seconds=1, wall_seconds=1, memory_mib=256, output_bytes=100_000)


@pytest.fixture(scope="module")
def evaluator(scheduling: str) -> Iterator[Evaluator]:
    made = Evaluator(load_problem(scheduling), ProcessSandbox(guest_entry(scheduling, {})), LIMITS, seed=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def train(scheduling: str) -> InstanceSet:
    return InstanceSet.of_split(load_problem(scheduling), "train")


def body(text: str) -> str:
    return f"import numpy as np\ndef choose(length, loads):\n    {text}\n"


HONEST = body("return -loads.astype(float)")


def test_an_honest_candidate_is_priced_on_every_instance(evaluator: Evaluator, train: InstanceSet) -> None:
    evaluation = evaluator.evaluate(EvaluationTask(code=HONEST, instances=train))
    assert evaluation.status is Status.OK
    assert [result.instance for result in evaluation.results] == [instance.name for instance in train.instances]
    gaps = [result.gap for result in evaluation.results]
    assert all(gap is not None and gap >= 0 for gap in gaps)
    assert evaluation.objective == pytest.approx(sum(gap for gap in gaps if gap is not None) / len(gaps))
    assert evaluation.level == "process"
    assert evaluation.cpu_seconds >= 0
    assert evaluation.measures["lines"] == 3


def test_what_the_problem_measures_of_solutions_is_among_the_measures_as_the_mean(
    evaluator: Evaluator, train: InstanceSet
) -> None:
    """Least loaded first uses all six machines on each instance, the first machine only one; a failure has the code's measures alone."""
    assert evaluator.evaluate(EvaluationTask(code=HONEST, instances=train)).measures["machines used"] == 6.0
    assert (
        evaluator.evaluate(EvaluationTask(code=body("return np.arange(len(loads), 0.0, -1.0)"), instances=train)).measures[
            "machines used"
        ]
        == 1.0
    )
    half = body("return -loads * 1.0 if length > 40 else np.arange(len(loads), 0.0, -1.0)")
    assert 1.0 < evaluator.evaluate(EvaluationTask(code=half, instances=train)).measures["machines used"] <= 6.0
    assert "machines used" not in evaluator.evaluate(EvaluationTask(code=body("return loads[100]"), instances=train)).measures


def test_a_hopeless_candidate_is_stopped_and_says_when(evaluator: Evaluator, train: InstanceSet) -> None:
    """All jobs on one machine: after one of four instances the mean gap is above 100 % however well the rest goes."""
    hopeless = body("return np.arange(len(loads), 0.0, -1.0)")
    whole = evaluator.evaluate(EvaluationTask(code=hopeless, instances=train))
    assert whole.objective is not None
    raced = evaluator.evaluate(EvaluationTask(code=hopeless, instances=train, bound=100.0))
    assert (raced.status, raced.objective) == (Status.PRUNED, None)
    assert raced.results == tuple(replace(result, cpu_seconds=raced.results[0].cpu_seconds) for result in whole.results[:1])
    assert re.fullmatch(r"at least \d+(\.\d+)? after 1 of 4 instances, 100 is out already", raced.detail)


def test_what_reaches_the_bound_with_the_last_instance_only_is_scored(evaluator: Evaluator, train: InstanceSet) -> None:
    """Nothing is saved by hiding a score that is there; and a candidate below the bound is never stopped."""
    objective = evaluator.evaluate(EvaluationTask(code=HONEST, instances=train)).objective
    assert objective is not None
    assert evaluator.evaluate(EvaluationTask(code=HONEST, instances=train, bound=objective)).objective == objective
    assert evaluator.evaluate(EvaluationTask(code=HONEST, instances=train, bound=objective + 0.001)).objective == objective


def test_without_proven_bounds_nothing_is_stopped(evaluator: Evaluator, train: InstanceSet) -> None:
    hopeless = body("return np.arange(len(loads), 0.0, -1.0)")
    assert (
        evaluator.evaluate(EvaluationTask(code=hopeless, instances=replace(train, bounded=False), bound=1.0)).status is Status.OK
    )


def test_the_same_candidate_gets_the_same_score_even_if_it_draws_random_numbers(evaluator: Evaluator, train: InstanceSet) -> None:
    """The global generators are seeded by run seed and instance, in every process."""
    code = "import random\n" + body("return np.random.rand(len(loads)) + random.random() * loads")
    assert (
        evaluator.evaluate(EvaluationTask(code=code, instances=train)).objective
        == evaluator.evaluate(EvaluationTask(code=code, instances=train)).objective
    )


@pytest.mark.parametrize(
    ("code", "status", "says"),
    [
        pytest.param(body("return undefined_name"), Status.ERROR, "undefined_name", id="exception"),
        pytest.param(body("return choose(length, loads)"), Status.ERROR, "RecursionError", id="endless recursion"),
        pytest.param(body("while True: pass"), Status.TIMEOUT, "1 s", id="endless loop"),
        pytest.param(body("return [0] * 10**10"), Status.MEMORY, "", id="memory bomb"),
        pytest.param("import os\n" + body("os._exit(0)"), Status.CRASHED, "", id="exit"),
        pytest.param(
            "import os, signal\n" + body("os.kill(os.getppid(), signal.SIGKILL)"), Status.CRASHED, "", id="kills its parent"
        ),
        pytest.param(body("while True: print('x' * 10**6)"), Status.TIMEOUT, "", id="prints for ever"),
        pytest.param("raise ValueError('at import')\n" + HONEST, Status.ERROR, "at import", id="exception at import"),
        pytest.param("raise SystemExit\n" + HONEST, Status.ERROR, "SystemExit", id="exit at import"),
    ],
)
def test_what_a_candidate_does_wrong_is_a_status_with_a_reason_and_the_next_one_is_scored(
    evaluator: Evaluator, train: InstanceSet, code: str, status: Status, says: str
) -> None:
    evaluation = evaluator.evaluate(EvaluationTask(code=code, instances=train))
    assert (evaluation.status, evaluation.objective) == (status, None), evaluation.detail
    assert says in evaluation.detail
    assert evaluation.detail
    assert evaluator.evaluate(EvaluationTask(code=HONEST, instances=train)).status is Status.OK


@pytest.mark.parametrize(
    ("forged", "status"),
    [
        pytest.param("0.0", Status.INFEASIBLE, id="a score instead of a solution"),
        pytest.param("{'cost': 0.0}", Status.INFEASIBLE, id="a claimed cost"),
        pytest.param("[99] * 60", Status.INFEASIBLE, id="out of range"),
        pytest.param("[-1] * 60", Status.INFEASIBLE, id="negative"),
        pytest.param("[0]", Status.INFEASIBLE, id="too short"),
        pytest.param("[0.0] * 60", Status.INFEASIBLE, id="floats"),
        pytest.param("[float('nan')] * 60", Status.ERROR, id="not JSON"),
        pytest.param("[0] * 10**6", Status.OUTPUT, id="too large"),
    ],
)
def test_a_candidate_that_takes_the_solver_over_gains_nothing(
    evaluator: Evaluator, train: InstanceSet, forged: str, status: Status
) -> None:
    """It can patch everything on its own side of the wall; feasibility and price are found on the other."""
    code = f"import evoheur.evaluation.guest_job as job\njob.to_json = lambda solution: {forged}\n{HONEST}"
    evaluation = evaluator.evaluate(EvaluationTask(code=code, instances=train))
    assert (evaluation.status, evaluation.objective) == (status, None), evaluation.detail
    assert evaluation.detail


def test_a_failure_among_instances_that_were_asked_together_is_that_of_one(evaluator: Evaluator, train: InstanceSet) -> None:
    """What comes before it counts, as if each had been asked alone; the candidate's state starts anew."""
    code = "calls = []\n" + body("calls.append(1); assert len(calls) < 200, 'enough'; return -loads.astype(float)")
    evaluation = evaluator.evaluate(EvaluationTask(code=code, instances=train))
    assert [result.status for result in evaluation.results] == [Status.OK] * 3 + [Status.ERROR]
    assert evaluation.status is Status.ERROR
    assert evaluation.detail.startswith(f"{train.instances[3].name}: ")
    assert "enough" in evaluation.detail


def test_a_forged_but_feasible_solution_is_priced_as_what_it_is(evaluator: Evaluator, train: InstanceSet) -> None:
    """All jobs on the first of six machines: the makespan is the sum, about 500 % above the even load, whatever else is claimed."""
    code = f"import evoheur.evaluation.guest_job as job\njob.to_json = lambda solution: [0] * 60\n{HONEST}"
    evaluation = evaluator.evaluate(EvaluationTask(code=code, instances=train))
    assert evaluation.status is Status.OK
    assert evaluation.objective is not None
    assert evaluation.objective > 400


def test_solutions_are_handed_out_with_the_score_and_only_with_a_good_one(
    evaluator: Evaluator, train: InstanceSet, scheduling: str
) -> None:
    """Priced again they cost what the score says; of a candidate that fails on the last of four instances there are none."""
    evaluation, solutions = evaluator.solve(EvaluationTask(code=HONEST, instances=train, probe=True))
    problem = load_problem(scheduling)
    costs = [problem.cost(instance, solution) for instance, solution in zip(train.instances, solutions, strict=True)]
    assert (
        costs
        == [result.cost for result in evaluation.results]
        == [result.cost for result in evaluator.evaluate(EvaluationTask(code=HONEST, instances=train)).results]
    )
    last = train.instances[-1].lengths[0]  # type: ignore[attr-defined] # the scheduling problem's
    failing, none = evaluator.solve(
        EvaluationTask(code=body(f"return loads if length != {last} else loads[100]"), instances=train, probe=True)
    )
    assert (failing.status, none) == (Status.ERROR, [])


def test_a_set_can_be_taken_apart(train: InstanceSet) -> None:
    """One instance each, in order, with what the guest is sent of it."""
    parts = list(train.singly())
    assert [part.instances for part in parts] == [(instance,) for instance in train.instances]
    assert [part.encoded for part in parts] == [(encoded,) for encoded in train.encoded]
    assert {part.split for part in parts} == {"train"}


def test_notes_of_the_guest_are_kept_few_and_short(evaluator: Evaluator, train: InstanceSet) -> None:
    """They are claims of the untrusted side, so they can neither fill the database nor change a score."""
    code = HONEST + (
        "\nimport sys\nproblem = sys.modules['evoheur.evaluation.guest_job']._warm['problem']\nhonest = type(problem).solve\n"
        "def solve(self, heuristic, instance, rng):\n"
        "    heuristic.notes.update({str(i): 'x' * 10_000 for i in range(9)})\n"
        "    return honest(self, heuristic, instance, rng)\n"
        "type(problem).solve = solve\n"
    )
    evaluation = evaluator.evaluate(EvaluationTask(code=code, instances=train))
    assert evaluation.objective == evaluator.evaluate(EvaluationTask(code=HONEST, instances=train)).objective
    assert len(evaluation.results[0].notes) == 8
    assert {len(note) for note in evaluation.results[0].notes.values()} == {200}


def test_the_guest_is_sent_no_reference(train: InstanceSet) -> None:
    """What it does not hold it cannot leak or aim at."""
    assert all(set(encoded) == {"name", "family", "machines", "lengths"} for encoded in train.encoded)
    assert all(train.references[instance.name] is not None for instance in train.instances)


KERNEL_PROBLEM = """
from numba import njit


@njit(cache=True)
def last(loads):
    return loads[-1]
"""


@pytest.mark.parametrize("level", ["L0", "auto"])
def test_candidates_and_the_problems_own_kernels_compile_inside_a_jail(tmp_path: Path, scheduling: str, level: str) -> None:
    """A kernel that meets new types in a child must not want its cache file, which is out of reach there."""
    folder = tmp_path / "kernels"
    folder.mkdir()
    source = (Path(scheduling) / "problem.py").read_text()
    own = source.replace("chosen = []", "chosen = []\n        last(loads.astype(np.float32))")
    (folder / "problem.py").write_text(own.replace("from evoheur.problem", f"{KERNEL_PROBLEM}\nfrom evoheur.problem", 1))
    problem = load_problem(str(folder))
    sandbox = JailConfig.model_validate({"level": level}).build(guest_entry(str(folder), {}))
    jailed = Evaluator(problem, sandbox, Limits(load_seconds=30, cpu_seconds=30, wall_seconds=60), seed=1)
    code = "import numba\nimport numpy as np\n@numba.njit(cache=True)\ndef choose(length, loads):\n    return -loads.astype(np.float64)\n"
    try:
        evaluation = jailed.evaluate(EvaluationTask(code=code, instances=InstanceSet.of_split(problem, "train")))
    finally:
        jailed.close()
    assert evaluation.status is Status.OK, evaluation.detail
    assert evaluation.level.startswith("jail-L")
