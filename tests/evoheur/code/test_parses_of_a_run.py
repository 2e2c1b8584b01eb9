"""How often a run parses: about once for a reply and once for the code in it, however many look at the code."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.code.program import parse_count
from evoheur.run.assemble import assemble
from evoheur.run.config import parse_config
from evoheur.run.run_parts import prepare
from evoheur.run.stored_run import create_run
from tests.support.one_guest import ONE_GUEST


def _parses_and_requests(problem: str, generator: dict[str, Any], strategy: dict[str, Any], folder: Path) -> tuple[int, int]:
    # Every strategy and generator has a seed of its own, or what one test made would be known already in the next.
    data = {
        "problem": problem,
        "strategy": strategy,
        "generator": generator,
        "evaluation": ONE_GUEST,
        "budget": {"requests": 20},
        "validation": {"top": 1},
        "in_flight": 1,
        "seed": sum(map(ord, str([generator, strategy]))),
    }
    with Archive.open(f"sqlite:///{folder}/a.db", create=True) as archive:
        parts = prepare(parse_config(data, where="test"), environ={}, archive=archive, resumed=None)
        discovery = assemble(parts, archive, create_run(parts, archive, name="r"))
        before = parse_count()
        stopped = asyncio.run(discovery.discover())
    return parse_count() - before, stopped.totals.requests


_SCRIPTED = {"kind": "tests.evoheur.run.support.fakes:FakeConfig"}


def test_a_reply_is_parsed_twice(tmp_path: Path, scheduling: str) -> None:
    """Once as a whole, which it is not, and once the code in it: parsing, screening, hashing and measuring share a tree."""
    parses, requests = _parses_and_requests(scheduling, _SCRIPTED, {"kind": "eoh", "population_size": 4, "parents": 2}, tmp_path)
    assert requests == 20
    assert requests <= parses <= 2 * requests + 1  # and the problem's own heuristic


def test_taking_code_apart_and_showing_versions_of_it_parse_nothing_anew(tmp_path: Path, scheduling: str) -> None:
    """FunSearch renames what it shows; what it shows was evaluated, and so parsed, before."""
    parses, requests = _parses_and_requests(scheduling, _SCRIPTED, {"kind": "funsearch"}, tmp_path)
    assert requests <= parses <= 2 * requests + 1


@pytest.mark.parametrize(("kind", "most"), [("eoh", 3), ("lhns", 4)])
def test_the_offline_generator_parses_what_it_makes_once(tmp_path: Path, scheduling: str, kind: str, most: int) -> None:
    """It edits copies; some of what it makes is made again, and LHNS hands it code with gaps."""
    parses, requests = _parses_and_requests(scheduling, {"kind": "mutator"}, {"kind": kind}, tmp_path)
    assert requests <= parses <= most * requests
