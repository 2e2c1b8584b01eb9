"""Parents that a program crosses, for a model to repair."""

import asyncio
import random
from dataclasses import replace

from evoheur.candidate import Candidate
from evoheur.code.signature import FunctionSignature
from evoheur.generation.mutation.breeding import Breeder, Parent
from evoheur.generation.mutation.editable_module import key
from evoheur.generation.mutation.splicing import LARGEST, LONGEST, Splicer
from evoheur.generation.mutator import Mutator
from evoheur.generation.parsing import ParsedReply, parse_reply
from evoheur.request import Request
from evoheur.testing.strategy_runs import made_up_candidate
from evoheur.variation import SPLICED
from tests.evoheur.generation.mutation.support.samples import BASELINE, PARENTS, PRIORITY, breeder

CANDIDATES = tuple(
    replace(made_up_candidate(number, float(number)), code=parent.code) for number, parent in enumerate(PARENTS[:2], 1)
)


def request(seed: int = 7, parents: tuple[Candidate, ...] = CANDIDATES) -> Request:
    return Request(operator="splice", parents=parents, context={"baseline": "header", SPLICED: str(seed)})


def shown(asked: Request) -> str:
    return Splicer(breeder).shown(asked).context[SPLICED]


def test_the_text_is_what_a_crossover_of_the_two_gives_and_says_how() -> None:
    """By hand: the same draw of the breeder."""
    made = breeder().crossed([Parent("heuristic 1", PARENTS[0].code), Parent("heuristic 2", PARENTS[1].code)], random.Random(7))
    assert made is not None
    assert shown(request()) == f"# {made.thought}\n{made.code.strip()}"
    assert "heuristic 1" in made.thought
    assert "heuristic 2" in made.thought
    assert key(made.code) not in {key(parent.code) for parent in PARENTS}


def test_the_seed_in_the_request_decides_alone() -> None:
    assert shown(request()) == shown(request())
    assert len({shown(request(seed)) for seed in range(8)}) > 3


def test_it_is_empty_where_two_cannot_be_crossed() -> None:
    long = replace(CANDIDATES[1], code=CANDIDATES[1].code + "#" * LONGEST)
    broken = replace(CANDIDATES[1], code="def other(x):\n    return x\n")
    for parents in ((CANDIDATES[0],), (CANDIDATES[0], CANDIDATES[0]), (CANDIDATES[0], long), (CANDIDATES[0], broken)):
        assert shown(request(parents=parents)) == ""


def test_other_requests_stay_as_they_are() -> None:
    asked = Request(operator="e2", parents=CANDIDATES, context={"baseline": "header"})

    def never() -> Breeder:
        raise AssertionError("no breeder is needed")

    assert Splicer(never).shown(asked) is asked


def test_larger_functions_than_those_of_the_offline_generator_may_come_of_it() -> None:
    large = Breeder([PRIORITY], BASELINE, max_nodes=LARGEST, order_terms=None)
    assert Splicer(lambda: large).shown(request()).context[SPLICED]


def test_offline_the_crossing_is_taken_as_it_is() -> None:
    """Whatever the seed of the call is."""
    own = breeder()
    text = Splicer(lambda: own).shown(request()).context[SPLICED]
    for seed in (1, 2):
        reply = asyncio.run(Mutator(own, {"splice": "crossover"}).complete((), request(), seed=seed))
        found = parse_reply(reply.text, [FunctionSignature(name="priority", parameters=("item", "bins"))])
        assert isinstance(found, ParsedReply)
        assert found.code.strip() == text.partition("\n")[2].strip()
