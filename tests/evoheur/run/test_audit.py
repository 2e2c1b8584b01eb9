"""What an audit is made of: its instances, and who is in it."""

import numpy as np
import pytest

from evoheur import load_problem
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import AUDIT
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import SPLITS
from evoheur.problem_modules import bundled_problems
from evoheur.run.audit import Audit, audit_seed, no_audit
from evoheur.run.config import RunConfig, parse_config
from evoheur.run.instance_source import InstanceSource
from evoheur.run.textbook_evaluations import TextbookEvaluations, epoch_seed
from tests.evoheur.archive.support.made_up import candidate


def config(**settings: object) -> RunConfig:
    given = {"problem": "bin_packing_online", "strategy": {"kind": "es"}, "generator": {"kind": "mutator"}, **settings}
    return parse_config(given, where="here")


def audit(settings: RunConfig) -> Audit:
    problem = load_problem(settings.problem.name)
    rules = TextbookEvaluations(InstanceSource.of(problem, settings.problem), settings.train, seed=settings.seed)
    return Audit(problem, rules, settings)


def items(made: InstanceSet) -> list[list[int]]:
    return [np.asarray(instance.items).tolist() for instance in made.instances]  # type: ignore[attr-defined]


def test_instances_are_of_no_split_and_of_no_epoch_and_follow_from_the_seed() -> None:
    """Of the training families, in another draw for another seed."""
    problem = load_problem("bin_packing_online")
    first, again, other = (audit(config(seed=seed)).instances() for seed in (1, 1, 2))
    assert items(first) == items(again)
    assert (first.split, first.epoch) == (AUDIT, 0)
    seen = [items(InstanceSet.of_split(problem, split)) for split in ("train", "validation", "test")]
    seen += [items(InstanceSet.fresh(problem, seed=epoch_seed(1, epoch), epoch=epoch)) for epoch in (1, 2)]
    seen.append(items(other))
    assert not [each for each in items(first) if any(each in those for those in seen)]
    train = problem.instances("train")
    assert [instance.family for instance in first.instances] == [instance.family for instance in train]


def test_the_seed_of_an_audit_is_that_of_no_epoch() -> None:
    assert not {audit_seed(seed) for seed in range(50)} & {
        epoch_seed(seed, epoch) for seed in range(50) for epoch in range(1, 50)
    }
    assert all(0 <= audit_seed(seed) < 2**31 for seed in range(50))


def test_few_instances_are_spread_over_the_families() -> None:
    settings = config(problem="bin_packing_online_levels", audit={"instances": 6})
    families = [instance.family for instance in audit(settings).instances().instances]
    assert len(families) == 6
    assert len(set(families)) == 6


@pytest.mark.parametrize(
    ("wanted", "evaluations", "numbers"),
    [(10, 1000, [3, 1, 2, 4, 5]), (10, 60, [3, 1, 2]), (10, 5, [3]), (2, 1000, [3, 1]), (0, 1000, [])],
)
def test_the_champion_comes_first_and_one_for_every_twenty_evaluations(wanted: int, evaluations: int, numbers: list[int]) -> None:
    """Of five best on train, the third is the champion."""
    best = [CandidateRecord(run="r", candidate=candidate(number), evaluations={}, asked=None) for number in range(1, 6)]
    found = audit(config(audit={"candidates": wanted})).chosen(best, best[2], evaluations)
    assert [record.candidate.id for record in found] == numbers
    assert audit(config()).chosen([], None, evaluations) == []


def test_what_cannot_be_audited_is_said() -> None:
    """A switch, own files, and a problem that draws nothing."""
    problem = load_problem("bin_packing_online")
    off, own = config(audit=False), config(problem={"name": "bin_packing_online", "instances": {"train": "mine.csv"}})
    assert no_audit(problem, config().problem, config().audit) == ""
    assert no_audit(problem, off.problem, off.audit) == "audit.candidates is 0"
    assert "those of 'mine.csv'" in no_audit(problem, own.problem, own.audit)
    drawing_none = load_problem("cvrp_savings", {"set": "eoh_cvrp50"})
    assert "SavingsCVRP draws no fresh" in no_audit(drawing_none, config().problem, config().audit)


@pytest.mark.parametrize("name", bundled_problems())
def test_every_bundled_problem_is_audited(name: str) -> None:
    """On at least five instances that are in no split, of all training families, each with a reference."""
    settings = config(problem=name, audit={"instances": 26})
    problem = load_problem(name)
    made = audit(settings).instances()
    assert audit(settings).refused == ""
    assert len(made.instances) >= 5
    assert None not in made.references.values()
    assert {each.family for each in made.instances} == {each.family for each in problem.instances("train")}
    known = {each.name for split in SPLITS for each in problem.instances(split)}
    assert not known & {each.name for each in made.instances}
