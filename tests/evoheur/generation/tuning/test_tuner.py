"""From a request to other constants, without a model."""

import asyncio
import re
from dataclasses import replace

import pytest

from evoheur.candidate import Candidate
from evoheur.errors import ConfigError
from evoheur.generation.parsing import ParsedReply, parse_reply
from evoheur.generation.signature import FunctionSignature
from evoheur.generation.tuning.tuner import Tuner
from evoheur.request import Completion, Request, RequestKind
from evoheur.testing.strategy_runs import made_up_candidate

SIGNATURE = (FunctionSignature(name="rule", parameters=("x",)),)
CODE = "def rule(x):\n    return 2.0 * x + 5.0  # a comment\n"


def parent(code: str = CODE, objective: float = 100.0) -> Candidate:
    return replace(made_up_candidate(7, objective), code=code, thought="Doubles and adds.")


def request(bred: Candidate, *, evaluations: int = 60, method: str = "cma-es") -> Request:
    context = {"evaluations": str(evaluations), "method": method}
    return Request(operator="harmony", kind=RequestKind.TUNING, parents=(bred,), context=context)


class Scale:
    """Weighs sources: the distance of the two numbers from 3 and 4; remembers what it was asked, and how many at a time."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.now = self.most = 0

    async def score(self, code: str) -> float | None:
        self.asked.append(code)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        found = re.search(r"return \(?(\S+?)\)? \* x \+ \(?([^\s)]+)\)?", code)
        assert found is not None
        first, second = (float(number) for number in found.groups())
        return None if first < 0 else abs(first - 3.0) + abs(second - 4.0)


def tuned(scale: Scale, asked: Request, *, seed: int = 1) -> Completion:
    return asyncio.run(Tuner(seed=seed).complete(asked, scale.score))


def read(completion: Completion) -> ParsedReply:
    found = parse_reply(completion.text, SIGNATURE)
    assert isinstance(found, ParsedReply)
    return found


@pytest.mark.parametrize("method", ["cma-es", "harmony-search"])
def test_the_reply_is_the_best_that_was_tried_in_the_form_of_a_models(method: str) -> None:
    scale = Scale()
    completion = tuned(scale, request(parent(), method=method))
    found = read(completion)
    assert found.code.strip() in [code.strip() for code in scale.asked]
    best = min(value for code in scale.asked if (value := asyncio.run(Scale().score(code))) is not None)
    assert asyncio.run(Scale().score(found.code)) == best
    assert "# a comment" in found.code
    assert f"100 to {best:.5g} by {method} in 60 evaluations" in found.thought
    assert found.thought.startswith("Doubles and adds. Tuned 2 to ")
    assert (completion.model, completion.attempts, completion.evaluations) == (method, 0, 60)
    assert completion.usage.prompt_tokens == completion.usage.completion_tokens == 0


def test_exactly_as_many_evaluations_are_made_as_may_be() -> None:
    for evaluations in (1, 5, 13, 60):
        scale = Scale()
        assert tuned(scale, request(parent(), evaluations=evaluations)).evaluations == evaluations == len(scale.asked)


def test_a_population_is_evaluated_at_the_same_time() -> None:
    scale = Scale()
    tuned(scale, request(parent()))
    assert scale.most > 1


def test_cma_es_keeps_the_start_where_nothing_better_is_found() -> None:
    """The parent's own code comes back, which the run knows for a duplicate."""
    bred = parent("def rule(x):\n    return 3.0 * x + 4.0\n", objective=0.0)
    found = read(tuned(Scale(), request(bred)))
    assert found.code.strip() == bred.code.strip()
    assert found.thought == "No better constants found in 60 evaluations."


def test_harmony_search_gives_its_best_harmony_even_if_it_is_worse() -> None:
    """As HSEvo's does: it joins the population all the same."""
    bred = parent("def rule(x):\n    return 3.0 * x + 4.0\n", objective=0.0)
    found = read(tuned(Scale(), request(bred, evaluations=10, method="harmony-search")))
    assert found.code.strip() != bred.code.strip()
    assert "0 to" in found.thought


def test_without_constants_nothing_is_evaluated() -> None:
    scale = Scale()
    completion = tuned(scale, request(parent("def rule(x):\n    return x\n")))
    assert (completion.evaluations, scale.asked) == (0, [])
    assert read(completion).code.strip() == "def rule(x):\n    return x"


def test_equal_requests_get_equal_replies_and_other_seeds_others() -> None:
    """The number of the request does not count, the code does: tuning must not depend on when it came up."""
    one, same, other = (tuned(Scale(), request(parent()), seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_an_unknown_method_is_the_users_to_mend() -> None:
    with pytest.raises(ConfigError, match=r"Unknown optimiser kind 'cma_es' \(did you mean 'cma-es'\?\)"):
        tuned(Scale(), request(parent(), method="cma_es"))
