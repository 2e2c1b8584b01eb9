"""The problem of docs/online.md keeps the contract, and a rule for it that knows the future is found out."""

import re
from pathlib import Path

import pytest

from evoheur.candidate import Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits
from evoheur.sandbox.process import ProcessSandbox
from evoheur.testing.problem_checks import CHECKS, ContractCheck, Subject

_PAGE = Path(__file__).parents[2] / "docs" / "online.md"

HONEST = "def accept(hours, value, left):\n    return value >= 2 * hours\n"
AHEAD = """
import sys
def accept(hours, value, left):
    frame = sys._getframe()
    while "instance" not in frame.f_locals:
        frame = frame.f_back
    instance = frame.f_locals["instance"]
    kept = 0
    for h, v in sorted(instance.orders, key=lambda order: -order[1] / order[0]):
        if kept + h <= instance.hours:
            kept += h
            if (h, v) == (hours, value):
                return True
    return False
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's problem in a folder of its own."""
    [block] = re.findall(r"```python\n(.*?)```", _PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    made = tmp_path_factory.mktemp("page") / "accept_orders"
    made.mkdir()
    (made / "problem.py").write_text(block, encoding="utf-8")
    return str(made)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name.replace(" ", "-"))
def test_the_problem_keeps_the_contract(folder: str, check: ContractCheck) -> None:
    check.run(Subject(name=folder))


def test_looking_ahead_pays_beside_the_instances_and_is_found_out(folder: str) -> None:
    """Knowing all orders is worth a lot, which is why it must not count."""
    problem = load_problem(folder)
    train = InstanceSet.of_split(problem, "train")
    evaluator = Evaluator(problem, ProcessSandbox(guest_entry(folder, {})), Limits(), seed=1)
    try:
        honest, ahead = (evaluator.evaluate(EvaluationTask(code=code, instances=train)) for code in (HONEST, AHEAD))
        assert honest.objective is not None
        assert ahead.objective is not None
        assert ahead.objective < honest.objective
        assert evaluator.evaluate(EvaluationTask(code=HONEST, instances=train, probe=True)).status is Status.OK
        assert evaluator.evaluate(EvaluationTask(code=AHEAD, instances=train, probe=True)).status is Status.CHEATING
    finally:
        evaluator.close()
