"""The beginning that all prompts of a run share, so that servers read it once."""

import itertools

import pytest

from evoheur.components import resolve_kind
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.facts import PromptFacts, ReachedScore, RecurringFailure
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Request
from evoheur.strategies.repairing import REPAIR
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.testing.strategy_runs import StrategyRun

PROBLEM = "bin_packing_online_levels"
LASTING = PromptFacts(
    seconds=10.0, calls=5000, unit="percent", scores=(ReachedScore(name="the problem's own heuristic", worth=2.0),)
)
NEWS = PromptFacts(
    seconds=LASTING.seconds,
    calls=LASTING.calls,
    unit=LASTING.unit,
    scores=LASTING.scores,
    best=ReachedScore(name="best", worth=1.5),
    replies=20,
    failures=(RecurringFailure(count=2, remedy="be short."),),
    advice=("Look ahead.",),
)
SHARED = {"heuristic": 0.75, "note": 0.6}
"""Share of a prompt's characters that are the same at the beginning of any other of the run that asks for as much."""
OF_MANY_PARENTS = {"mcts_ahd": 0.65, "opro": 0.55}
"""The same for heuristics of strategies with operators that show many."""

OF_OTHER_INTERFACES = {"evox": 0.3}
"""The same for notes of strategies that ask for code of another kind, whose interface stands in that prompt only."""


def texts(kind: str) -> dict[str, list[tuple[str, str]]]:
    """What is asked for → operator and prompt of 200 requests of a strategy, the news changing in between."""
    config = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy").model_validate({"kind": kind})  # type: ignore[type-abstract]
    prompts = PromptLibrary(ProblemCard.from_problem(load_problem(PROBLEM)))
    found: dict[str, list[tuple[str, str]]] = {"heuristic": [], "note": []}
    requests = [request for request in StrategyRun(config).play_in_order(200) if request.kind.asks_model]
    parent = next(request.parents for request in requests if request.parents)[:1] if kind != "random" else ()
    if parent and kind != "funsearch":  # whose heuristics have numbers behind their names, and those to be mended have not
        requests.append(Request(operator=REPAIR, parents=parent, context={"baseline": "header", "fault": "error: x"}))
    for number, request in enumerate(requests):
        (message,) = prompts.render(config.template_folder, request, NEWS if number % 3 else LASTING)
        found[request.produces].append((request.operator, message.content))
    return found


def beginning(first: str, second: str) -> str:
    """What two texts have in common at their beginning."""
    different = (place for place, (one, other) in enumerate(zip(first, second, strict=False)) if one != other)
    return first[: next(different, min(len(first), len(second)))]


def shared(first: str, second: str) -> float:
    """How much of the longer prompt the beginning is that two have in common."""
    return len(beginning(first, second)) / max(len(first), len(second))


@pytest.mark.parametrize("kind", [kind for kind in BUILTIN_STRATEGIES if kind != "portfolio"])
def test_any_two_prompts_begin_alike(kind: str) -> None:
    """Those of all operators with one another, whatever news, parents and notes they hold."""
    for product, prompts in texts(kind).items():
        distinct = list({operator: (operator, text) for operator, text in prompts}.values()) + prompts[::20]
        for (one, first), (other, second) in itertools.combinations(distinct, 2):
            least = (
                OF_MANY_PARENTS.get(kind, SHARED[product])
                if product == "heuristic"
                else OF_OTHER_INTERFACES.get(kind, SHARED[product])
            )
            assert shared(first, second) >= least, (one, other, round(shared(first, second), 3))


@pytest.mark.parametrize("kind", ["reevo", "hsevo", "mcts_ahd"])
def test_notes_begin_as_heuristics_do(kind: str) -> None:
    """With the problem and its interface: a server that has read the one need not read that again."""
    found = texts(kind)
    problem = load_problem(PROBLEM)
    known = ProblemCard.from_problem(problem).skeleton
    for (_, first), (_, second) in itertools.product(found["heuristic"][::20], found["note"][::20]):
        assert known in beginning(first, second)
