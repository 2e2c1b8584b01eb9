"""Encoded instances are what they were in versions whose hashes archives hold."""

import hashlib
import json

import pytest

from evoheur.problem_loading import load_problem

SHA256 = {
    "cvrp_savings": "ba419588b6628336a28cc0b4f784d3167cbeb2066af1982a8228e27ff6c5cc7e",
    "tsp_constructive": "aa30a50415dfcda24c86cdd7d6bf645f994264ab1faab4489aa31e1d2a041ada",
}
"""Problem → hash of a validation instance as the guest is told it, made at commit dc875fb."""

FAMILIES = {"cvrp_savings": "uniform-100-c150", "tsp_constructive": ""}
"""Problem → family whose first instance it is, or nothing for the first of all."""


@pytest.mark.parametrize("name", SHA256)
def test_a_run_on_files_finds_its_instances_again(name: str) -> None:
    """A run that reads instances from files refuses to go on if the hash of what it tells the guest is another."""
    problem = load_problem(name)
    told = problem.encode(next(made for made in problem.instances("validation") if made.family.startswith(FAMILIES[name])))
    assert hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest() == SHA256[name]
