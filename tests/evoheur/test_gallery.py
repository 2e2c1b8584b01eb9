"""Heuristics that ship: better than the textbook on test, as their documents say, and found again by their commands."""

import shlex
from pathlib import Path

import pytest

from evoheur import evaluate, gallery
from evoheur.api.gallery_entries import gallery_entries
from evoheur.archive.archive import Archive
from evoheur.evaluation.objective import gap_percent
from evoheur.problem_loading import load_problem
from tests.end_to_end.support.runs import evoheur

SHIPPED = [name for name, entry in gallery_entries().items() if entry.shipped]
FOUND_AGAIN = "joined_savings"


def test_a_heuristic_ships_for_packing_by_levels_offline_packing_insertion_kicks_and_savings() -> None:
    problems = {gallery_entries()[name].document.problem for name in SHIPPED}
    assert problems >= {"bin_packing_online_levels", "bin_packing_offline", "tsp_insertion", "tsp_kicks", "cvrp_savings"}


@pytest.mark.parametrize("name", SHIPPED)
def test_it_beats_every_textbook_rule_of_its_class_on_test(name: str) -> None:
    known = gallery_entries()[name].document
    assert known.gap is not None
    assert known.textbook
    assert all(gap is not None and known.gap < gap for gap in known.textbook.values())
    families = {instance.family for instance in load_problem(known.problem, known.settings).instances("test")}
    assert {family.family for family in known.families} == families
    assert known.origin.generator == "mutator"
    assert known.origin.command is not None


@pytest.mark.parametrize("name", SHIPPED)
def test_it_is_a_function_that_solves_the_smallest_training_instance(name: str) -> None:
    ready = gallery.heuristic(name)
    instance = ready.problem.instances("train")[0]
    reference = ready.problem.reference(instance)
    assert reference is not None
    assert ready.problem.cost(instance, ready.solve(instance)) >= reference - 1e-9 * abs(reference)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", SHIPPED)
def test_its_figures_are_those_of_today(name: str) -> None:
    """In the sandbox, on the whole test split."""
    entry = gallery_entries()[name]
    known = entry.document
    scored = evaluate(entry.code, known.problem, split="test", settings=known.settings, seed=known.origin.seed)
    assert scored.status.value == "ok"
    aggregate = load_problem(known.problem, known.settings).aggregate
    assert gap_percent(scored.results, aggregate) == pytest.approx(known.gap, rel=1e-9)
    for family in known.families:
        results = [result for result in scored.results if result.family == family.family]
        assert gap_percent(results, aggregate) == pytest.approx(family.gap, rel=1e-9), family.family


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_one_is_found_again_by_its_command(tmp_path: Path) -> None:
    entry = gallery_entries()[FOUND_AGAIN]
    assert entry.document.origin.command is not None
    program, *words = shlex.split(entry.document.origin.command)
    assert program == "evoheur"
    url = f"sqlite:///{tmp_path / 'again.db'}"
    done = evoheur(*words, "--name", "again", "--archive", url, "--quiet", cwd=tmp_path, timeout=1500)
    assert done.returncode == 0, done.stderr
    with Archive.open(url, read_only=True) as archive:
        assert entry.code.strip() in [record.candidate.code.strip() for record in archive.candidates("again")]
