"""Probe states: what they hold, and what heuristics answer in them inside a guest."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.errors import ConfigError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.evaluation.number_lists import unpack
from evoheur.evaluation.probe_states import probe_states
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits
from evoheur.sandbox.process import ProcessSandbox

LIMITS = Limits(load_seconds=5, cpu_seconds=1, wall_seconds=2, memory_mib=256, output_bytes=100_000)
COUNT = 12


def rule(text: str) -> str:
    return f"import numpy as np\n\n\ndef choose(length, loads):\n    {text}\n"


HONEST = rule("return -loads.astype(float)")
TWIN = rule("return -1.0 * loads")
OTHER = rule("return -np.abs(loads - 0.3 * length)")


@pytest.fixture(scope="module")
def evaluator(scheduling: str) -> Iterator[Evaluator]:
    problem = load_problem(scheduling)
    states = probe_states(problem, COUNT)
    made = Evaluator(problem, ProcessSandbox(guest_entry(scheduling, {}, states)), LIMITS, seed=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def train(scheduling: str) -> InstanceSet:
    return InstanceSet.of_split(load_problem(scheduling), "train")


def test_states_are_calls_of_the_frame_on_fresh_instances(scheduling: str) -> None:
    """Equal in every process, arrays as the frame has them, and of no instance that candidates are scored on."""
    problem = load_problem(scheduling)
    states = [unpack(state) for state in probe_states(problem, COUNT)]
    assert len(states) == COUNT
    assert probe_states(problem, COUNT) == probe_states(load_problem(scheduling), COUNT)
    lengths = set()
    for state in states:
        length, loads = state["arguments"]
        assert (state["function"], type(length), loads.dtype.name, loads.shape) == ("choose", int, "int64", (6,))
        lengths.add(length)
    assert len(lengths) > COUNT // 2, "they are of different moments"
    assert any(loads.any() for state in states for loads in state["arguments"][1:])


@pytest.mark.parametrize("name", ["bin_packing_offline", "bin_packing_online_levels", "cvrp_savings", "tsp_insertion"])
def test_bundled_problems_have_some(name: str) -> None:
    """Where frames compute formulas in compiled code, too."""
    problem = load_problem(name)
    problem.warm_up()
    states = [unpack(state) for state in probe_states(problem, 8)]
    functions = {function.__name__: function for function in problem.functions()}
    assert len(states) >= 6
    for state in states:
        with np.errstate(all="ignore"):
            assert np.size(functions[state["function"]](*state["arguments"])) >= 1


def test_an_online_problem_that_makes_no_fresh_instances_has_none() -> None:
    """Its guests must not hold what will arrive."""
    problem = load_problem("bin_packing_online")
    unable = type("Unable", (type(problem),), {"resampled": lambda _self, _seed: None})
    with pytest.raises(ConfigError, match="makes no fresh training instances, from which probe states could be drawn"):
        probe_states(unable(), 4)


def scored(evaluator: Evaluator, train: InstanceSet, code: str, known: Sequence[str] | None = ()) -> Evaluation:
    fingerprints = None if known is None else frozenset(known)
    return evaluator.evaluate(EvaluationTask(code=code, instances=train, fingerprints=fingerprints))


def test_who_answers_alike_has_the_same_fingerprint(evaluator: Evaluator, train: InstanceSet) -> None:
    honest, twin, other = (scored(evaluator, train, code) for code in (HONEST, TWIN, OTHER))
    assert honest.fingerprint == twin.fingerprint != other.fingerprint
    assert (honest.objective, honest.status) == (twin.objective, Status.OK)
    assert scored(evaluator, train, HONEST, None).fingerprint == "", "who is not asked has none"


def test_a_known_one_is_stopped_before_it_solves_anything(evaluator: Evaluator, train: InstanceSet) -> None:
    known = scored(evaluator, train, HONEST).fingerprint
    stopped = scored(evaluator, train, TWIN, [known])
    assert (stopped.status, stopped.results, stopped.fingerprint) == (Status.PRUNED, (), known)
    assert stopped.stopped_unsolved
    assert scored(evaluator, train, OTHER, [known]).status is Status.OK


def test_who_fails_in_a_state_is_scored_without(evaluator: Evaluator, train: InstanceSet, scheduling: str) -> None:
    """It has no fingerprint; whether it fails is decided by instances."""
    code = rule("return -loads.astype(float) if sum(map(int, loads)) != SUM else 1 // 0")
    state = unpack(probe_states(load_problem(scheduling), COUNT)[-1])
    failing = code.replace("SUM", str(int(state["arguments"][1].sum())))
    evaluation = scored(evaluator, train, failing)
    assert evaluation.fingerprint == ""
    assert evaluation.status is scored(evaluator, train, failing, None).status


@pytest.mark.parametrize("claim", ["'' ", "'z' * 32", "7", "None", "'a' * 4000"])
def test_what_is_no_fingerprint_is_none(evaluator: Evaluator, train: InstanceSet, claim: str) -> None:
    """A candidate may answer for the guest whatever it likes."""
    lie = f"""
import sys
job = sys.modules["evoheur.evaluation.guest_job"]
job._Candidate._fingerprint = lambda self: {claim}
"""
    assert scored(evaluator, train, lie + HONEST).fingerprint == ""
