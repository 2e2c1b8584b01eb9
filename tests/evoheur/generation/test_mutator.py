"""The offline generator, seen from outside: a generator like any other."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.components import resolve_kind
from evoheur.errors import ConfigError, GenerationError, GeneratorRefused
from evoheur.generation.generator import GeneratorContext
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutator import Mutator, MutatorConfig
from evoheur.generation.parsing import ParsedReply, parse_reply, signatures_of
from evoheur.problem import Heuristic, Instance, Json, Problem, Split
from evoheur.request import Completion, Request, Usage
from evoheur.strategies.repairing import REPAIR_CARD
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.variation import Variation
from tests.evoheur.generation.mutation.support.running import runs
from tests.evoheur.generation.mutation.support.samples import BASELINE, PRIORITY, STYLES, priority

OPERATORS = ("i1", "e1", "e2", "m1", "m2", "m3")


class Packing(Problem[Instance]):
    """A problem that has a heuristic, which is all a generator looks at."""

    heuristic = staticmethod(priority)

    def instances(self, split: Split) -> Sequence[Instance]:
        return []

    def decode(self, data: Mapping[str, Json]) -> Instance:
        return Instance(name=data["name"], family=data["family"])

    def solve(self, heuristic: Heuristic, instance: Instance, rng: np.random.Generator) -> Json:
        return []

    def cost(self, instance: Instance, solution: Json) -> float:
        return 0.0


def _candidate(number: int, code: str) -> Candidate:
    evaluation = Evaluation(status=Status.OK, objective=float(number), split="train")
    operator = "baseline" if number == 0 else "i1"
    return Candidate(id=number, code=code, thought="", operator=operator, parents=(), evaluation=evaluation)


PARENTS = tuple(_candidate(number, code) for number, code in enumerate([BASELINE, *STYLES.values()]))


def _mutator(**settings: object) -> Mutator:
    return MutatorConfig.model_validate({"kind": "mutator", **settings}).build(GeneratorContext(problem=Packing()))


def _answer(request: Request, seed: int, **settings: object) -> Completion:
    return asyncio.run(_mutator(**settings).complete([], request, seed=seed))


@pytest.mark.parametrize("operator", OPERATORS)
def test_replies_are_read_like_a_models(operator: str) -> None:
    """The ordinary parser finds the thought and code that runs in every reply; nothing is charged for it."""
    signatures = signatures_of(Packing().functions())
    for seed in range(20):
        completion = _answer(Request(operator=operator, parents=PARENTS[seed % 7 : seed % 7 + 2]), seed)
        reply = parse_reply(completion.text, signatures)
        assert isinstance(reply, ParsedReply)
        assert reply.thought.endswith(".")
        assert runs(reply.code)
        assert completion.text.startswith("{")
        assert (completion.model, completion.finish, completion.usage) == ("mutator", "stop", Usage())


def test_the_generator_is_offline_and_can_be_closed_twice() -> None:
    """Its code comes from here, and it holds nothing open."""
    mutator = _mutator()
    assert mutator.online is False
    asyncio.run(mutator.close())
    asyncio.run(mutator.close())


def test_sentences_name_parents_by_their_numbers() -> None:
    """The reader finds the parents under these names; candidate 0 is the baseline."""
    text = _answer(Request(operator="e2", parents=(PARENTS[0], PARENTS[1])), 3).text
    assert "the baseline" in text
    assert "parent 1" in text


def test_a_note_is_a_plain_admission() -> None:
    """There is no model to reflect, and no code pretends otherwise."""
    text = _answer(Request(operator="reflect_short", produces="note", parents=PARENTS[:2]), 1).text
    assert "i1, e1, e2, m1, m2, m3" in text
    assert "```" not in text
    assert "{" not in text


def test_nothing_to_change_is_a_failure_with_a_reason() -> None:
    """A request that cannot be fulfilled is not fulfilled by something else in silence."""
    lone = _candidate(3, "def priority(item, bins):\n    return bins")
    with pytest.raises(GenerationError, match="nothing to change in parent 3") as caught:
        _answer(Request(operator="m3", parents=(lone,)), 1)
    assert caught.value.reason == "nothing-to-change"


def test_seeds_make_replies() -> None:
    """The same seed gives the same reply, another one another."""
    request = Request(operator="m1", parents=PARENTS[1:2])
    texts = [_answer(request, seed).text for seed in range(10)]
    assert texts == [_answer(request, seed).text for seed in range(10)]
    assert len(set(texts)) > 5


def _replies() -> list[str]:
    requests = [Request(operator=OPERATORS[seed % 6], parents=PARENTS[seed % 5 : seed % 5 + 4]) for seed in range(24)]
    return [_answer(request, seed).text for seed, request in enumerate(requests)]


def test_replies_are_the_same_in_every_process() -> None:
    """Under another hash seed, in another interpreter, nothing changes."""
    own = os.environ.get("PYTHONHASHSEED")  # random for each process, unless somebody says otherwise
    program = "import json; from tests.evoheur.generation.test_mutator import _replies; print(json.dumps(_replies()))"
    environment = {**os.environ, "PYTHONHASHSEED": "1" if own == "4711" else "4711"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == _replies()
    assert all("```python" in reply for reply in _replies())


def test_settings_reach_the_grammar() -> None:
    """Without terms of order none appears; with them some do; and the size limit holds."""
    request = Request(operator="i1")
    assert not any("np.mean(" in _answer(request, seed).text for seed in range(80))
    assert any("np.mean(" in _answer(request, seed, order_terms=True).text for seed in range(80))
    files = [_answer(request, seed, max_nodes=10).text.split("```python\n")[1].removesuffix("```") for seed in range(60)]
    assert max(EditableModule.parse(file, PRIORITY).size for file in files) <= 10


def test_inputs_of_any_sign_are_guarded_more() -> None:
    """If the free space may be negative, bins + 1 may be 0."""
    request = Request(operator="i1")
    assert any("/ (item + 1)" in _answer(request, seed).text for seed in range(100))
    assert not any("/ (item + 1)" in _answer(request, seed, nonnegative=False).text for seed in range(100))


def test_limits_that_leave_no_room_are_refused() -> None:
    """Fewer than ten nodes is less than a rule needs."""
    with pytest.raises(ValidationError):
        MutatorConfig(max_nodes=5)


def test_an_operator_that_nobody_explains_is_refused_with_what_to_do() -> None:
    """Nothing is guessed from the number of parents: the run stops at once and says which operators are known."""
    with pytest.raises(GeneratorRefused, match=r"operator 'improve'.* it knows i1, init, e1.*OperatorCard\(variation=") as caught:
        _answer(Request(operator="improve", parents=PARENTS[1:2]), 1)
    assert '"crossover" (put parts of two parents together)' in str(caught.value)


def test_an_operator_without_a_meaning_is_refused_before_anything_is_asked() -> None:
    """A strategy's catalogue tells all that will come; what it explains, or is called like one of EoH's, is known."""
    with pytest.raises(ConfigError, match="what operator 'improve' does to code"):
        MutatorConfig().build(GeneratorContext(problem=Packing(), variations={"i1": None, "improve": None}))


@pytest.mark.parametrize("operator", ["improve", "mylab.greedy/improve"])
@pytest.mark.parametrize(("variation", "like"), [("simplify", "m3"), ("constants", "m2"), ("new", "i1")])
def test_a_strategy_says_what_its_operators_do_to_code(operator: str, variation: Variation, like: str) -> None:
    """The reply is the one that EoH's operator of that meaning gets."""
    mutator = MutatorConfig().build(GeneratorContext(problem=Packing(), variations={operator: variation}))
    reply = asyncio.run(mutator.complete([], Request(operator=operator, parents=PARENTS[1:2]), seed=4))
    assert reply == _answer(Request(operator=like, parents=PARENTS[1:2]), 4)


def test_every_operator_that_ships_has_a_meaning() -> None:
    """So that every strategy can run without a key."""
    for kind in BUILTIN_STRATEGIES:
        family = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
        cards = {**family.model_validate({"kind": kind}).catalogue, **REPAIR_CARD}
        said = {
            operator: card.variation for operator, card in cards.items() if card.kind.asks_model and card.produces == "heuristic"
        }
        MutatorConfig().build(GeneratorContext(problem=Packing(), variations=said))
