"""EoH against what the paper and the releases prescribe, and the contract in every mode."""

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.eoh import EohConfig, plan_generation
from evoheur.strategies.mate_choice import chosen_mates
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Ask, StrategyRun, Tell, all_fail, made_up_candidate, varied
from evoheur.variation import SPLICED
from tests.evoheur.strategies.support.scored import scored_candidate

AEL = {"crossover": 1.0, "mutation": 0.2}
FOUR = {"e1": 1.0, "e2": 1.0, "m1": 1.0, "m2": 1.0}


class Scripted(random.Random):
    """A generator whose uniform draws are given."""

    def __init__(self, draws: Sequence[float]) -> None:
        super().__init__(0)
        self._draws = list(draws)

    def random(self) -> float:
        """The next given draw."""
        return self._draws.pop(0)


def config(**settings: Any) -> EohConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return EohConfig.model_validate(settings)


class TestSteadyState(StrategyContract):
    def config(self) -> EohConfig:
        """The default mode with a small population."""
        return config(population_size=4)


@pytest.mark.nightly
class TestSteadyStateDrawn(StrategyContract):
    def config(self) -> EohConfig:
        """Operators drawn by weight, parents with repeats, the baseline as only start."""
        return config(
            population_size=3,
            offspring="drawn",
            operators={"e2": 2, "m3": 0.5},
            distinct_parents=False,
            initial=0,
            seed_with_baseline=True,
        )


@pytest.mark.nightly
class TestSplicing(StrategyContract):
    def config(self) -> EohConfig:
        """With crossovers that a program makes and a model repairs."""
        return config(population_size=4, parents=3, operators={"e2": 1, "splice": 1})


@pytest.mark.nightly
class TestComplements(StrategyContract):
    def config(self) -> EohConfig:
        """Mates that complement the first parent."""
        return config(population_size=4, parents=3, mate="complement")


@pytest.mark.nightly
class TestFront(StrategyContract):
    def config(self) -> EohConfig:
        """Parents from the front per instance."""
        return config(population_size=4, parents=3, parents_by="front")


class TestPaper(StrategyContract):
    def config(self) -> EohConfig:
        """The paper's generations, small."""
        return config(population_size=4, generational=True)


@pytest.mark.nightly
class TestRelease01(StrategyContract):
    def config(self) -> EohConfig:
        """Release v0.1, small."""
        return config(population_size=3, operators=FOUR, parents=2, offspring="operator-by-operator", generational=True)


@pytest.mark.nightly
class TestRelease02(StrategyContract):
    def config(self) -> EohConfig:
        """Release v0.2, small."""
        return config(population_size=4, operators=FOUR, parents=2, offspring="drawn", show_baseline_body=True, generational=True)


@pytest.mark.nightly
class TestAel(StrategyContract):
    def config(self) -> EohConfig:
        """AEL, small."""
        return config(
            population_size=3, operators=AEL, parents=2, offspring="by-chance", distinct_parents=False, generational=True
        )


@pytest.mark.nightly
class TestByChanceInSteadyState(StrategyContract):
    def config(self) -> EohConfig:
        """Generations that may be empty, and nothing that waits."""
        return config(population_size=2, operators={"e2": 0.3, "mutation": 0.1}, offspring="by-chance")


@pytest.mark.nightly
class TestLlm4ad(StrategyContract):
    def config(self) -> EohConfig:
        """LLM4AD, small."""
        return config(population_size=3, operators=FOUR, parents=2, offspring="in-turn", generational=True)


def all_different(number: int, request: Request, identity: int) -> Outcome:
    """Every candidate works and has an objective of its own, in an order that is neither rising nor falling: 1..101 by steps of 37."""
    return made_up_candidate(identity, 1.0 + number * 37 % 101, request)


def operators(requests: Sequence[Request]) -> list[str]:
    """Their operators, in order."""
    return [request.operator for request in requests]


def best(pool: Sequence[Candidate], size: int) -> set[int]:
    """Ids of the `size` best, for pools without failures and ties."""
    return {member.id for member in sorted(pool, key=lambda member: member.objective or 0.0)[:size]}


def check_generations(run: StrategyRun, *, initial: int, sizes: Sequence[int], population_size: int) -> None:
    """Parents must come from the best of everything told before their generation began, and from nothing later.

    Args:
        run: A generational run with `all_different` outcomes.
        initial: Number of i1 requests.
        sizes: Number of requests of each generation after them.
        population_size: N.
    """
    requests = [event.request for event in run.log if isinstance(event, Ask)]
    told = {event.number: event.outcome for event in run.log if isinstance(event, Tell)}
    asked = initial
    for size in sizes:
        pool = [outcome for number, outcome in told.items() if number <= asked and isinstance(outcome, Candidate)]
        allowed = best(pool, population_size)
        for request in requests[asked : asked + size]:
            assert {parent.id for parent in request.parents} <= allowed
        asked += size
    assert asked == len(requests)


@pytest.mark.parametrize("width", [1, 4])
def test_paper_conforms_over_three_generations(width: int) -> None:
    """2N i1; then N by each of five operators per generation, five parents for e1 and e2, all from the generation's first population."""
    settings = config(population_size=6, generational=True)
    run = StrategyRun(settings, all_different)
    requests = run.play_in_order(12 + 3 * 30, width=width)
    assert operators(requests[:12]) == ["i1"] * 12
    for start in (12, 42, 72):
        assert operators(requests[start : start + 30]) == ["e1", "e2", "m1", "m2", "m3"] * 6
    shown = {request.operator: len(request.parents) for request in requests}
    assert shown == {"i1": 0, "e1": 5, "e2": 5, "m1": 1, "m2": 1, "m3": 1}
    assert {request.context["baseline"] for request in requests} == {"header"}
    check_generations(run, initial=12, sizes=[30, 30, 30], population_size=6)


@pytest.mark.parametrize("width", [1, 3])
def test_release_01_conforms_over_three_generations(width: int) -> None:
    """2N i1; then the four operators one after the other, N each, two parents, the population renewed after every operator."""
    settings = config(population_size=5, operators=FOUR, parents=2, offspring="operator-by-operator", generational=True)
    run = StrategyRun(settings, all_different)
    requests = run.play_in_order(10 + 3 * 20, width=width)
    generation = ["e1"] * 5 + ["e2"] * 5 + ["m1"] * 5 + ["m2"] * 5
    assert operators(requests) == ["i1"] * 10 + generation * 3
    assert {len(request.parents) for request in requests if request.operator in {"e1", "e2"}} == {2}
    check_generations(run, initial=10, sizes=[5] * 12, population_size=5)


@pytest.mark.parametrize("width", [1, 5])
def test_release_02_conforms_over_three_generations(width: int) -> None:
    """2N i1; then N in all per generation, operators drawn by weight, two parents, and the prompt shows the baseline's body."""
    settings = config(population_size=5, operators=FOUR, parents=2, offspring="drawn", show_baseline_body=True, generational=True)
    run = StrategyRun(settings, all_different)
    requests = run.play_in_order(10 + 3 * 5, width=width)
    assert operators(requests[:10]) == ["i1"] * 10
    assert set(operators(requests[10:])) <= set(FOUR)
    assert len(set(operators(requests[10:]))) > 1
    assert {len(request.parents) for request in requests if request.operator in {"e1", "e2"}} == {2}
    assert {request.context["baseline"] for request in requests} == {"body"}
    check_generations(run, initial=10, sizes=[5, 5, 5], population_size=5)


@pytest.mark.parametrize("width", [1, 4])
def test_ael_conforms_over_three_generations(width: int) -> None:
    """The release's weights of 1: 2N i1; then N by crossover of two parents and N by mutation of one, the population renewed after each."""
    settings = config(population_size=5, operators={**AEL, "mutation": 1}, parents=2, offspring="by-chance", generational=True)
    run = StrategyRun(settings, all_different)
    requests = run.play_in_order(10 + 3 * 10, width=width)
    assert operators(requests) == ["i1"] * 10 + (["crossover"] * 5 + ["mutation"] * 5) * 3
    assert [len(request.parents) for request in requests[10:20]] == [2] * 5 + [1] * 5
    assert {request.context["baseline"] for request in requests} == {"header"}
    check_generations(run, initial=10, sizes=[5] * 6, population_size=5)


def test_ael_mutates_in_one_generation_of_five() -> None:
    """The paper's weights: N = 10 crossovers in every generation, and 10 mutations in some: 0.2 ± four standard deviations of 200 draws."""
    settings = config(population_size=10, operators=AEL, parents=2, offspring="by-chance", generational=True)
    asked = operators(StrategyRun(settings, all_different, watch=False).play_in_order(20 + 2400))[20:]
    blocks = [set(asked[start : start + 10]) for start in range(0, 2000, 10)]
    assert all(len(block) == 1 for block in blocks), "an operator that comes up has all N offspring of its turn"
    assert all(before != {"mutation"} for before, block in itertools.pairwise(blocks) if block == {"mutation"})
    mutations, generations = blocks.count({"mutation"}), blocks.count({"crossover"})
    assert mutations / generations == pytest.approx(0.2, abs=0.12)


def test_chance_is_the_weight() -> None:
    """A draw below the weight lets the operator run: with 0.2 the draw 0.19 does, 0.2 does not; operators take turns by generation."""
    settings = config(population_size=2, operators=AEL, offspring="by-chance")
    rng = Scripted([0.999, 0.19, 0.0, 0.2])
    plans = [plan_generation(settings, number, rng) for number in range(4)]
    assert plans == [["crossover"] * 2, ["mutation"] * 2, ["crossover"] * 2, []]


def test_generations_without_an_operator_are_passed_over() -> None:
    """Both weights at 0.01: a hundred generations come and go between two that breed, but no request is missing."""
    settings = config(population_size=1, operators={"m1": 0.01, "m2": 0.01}, offspring="by-chance", generational=True)
    requests = StrategyRun(settings, all_different).play_in_order(20)
    assert set(operators(requests[2:])) <= {"m1", "m2"}
    assert isinstance(requests[-1].tag, int)
    assert requests[-1].tag > 300


def test_llm4ad_conforms_over_three_generations() -> None:
    """N in all per generation, and the operators go on taking turns where the last generation stopped."""
    settings = config(population_size=5, operators=FOUR, parents=2, offspring="in-turn", generational=True)
    run = StrategyRun(settings, all_different)
    requests = run.play_in_order(10 + 15)
    assert operators(requests[10:]) == ["e1", "e2", "m1", "m2", "e1", "e2", "m1", "m2", "e1", "e2", "m1", "m2", "e1", "e2", "m1"]
    check_generations(run, initial=10, sizes=[5, 5, 5], population_size=5)


def test_paper_values_are_the_defaults() -> None:
    """Online bin packing in the paper: N = 20, five operators of equal weight, five parents, 5N offspring, 2N initial requests."""
    settings = EohConfig()
    assert (settings.population_size, settings.parents, settings.initial_requests) == (20, 5, 40)
    assert settings.operators == {"e1": 1, "e2": 1, "m1": 1, "m2": 1, "m3": 1}
    assert Counter(plan_generation(settings, 0, random.Random(1))) == dict.fromkeys(settings.operators, 20)


def test_draws_follow_the_weights() -> None:
    """Weights 3 and 1: three in four; 0.03 is four standard deviations of a share of 4,000 draws."""
    settings = config(population_size=4000, offspring="drawn", operators={"e1": 3, "m1": 1, "m2": 0})
    counts = Counter(plan_generation(settings, 0, random.Random(3)))
    assert counts["e1"] / 4000 == pytest.approx(0.75, abs=0.03)
    assert counts["e1"] + counts["m1"] == 4000


def test_weight_scales_an_operators_share() -> None:
    """N = 4: weight 0.5 gives 2 where weight 1 gives 4, weight 0.1 gives at least 1, and weight 0 none."""
    settings = config(population_size=4, operators={"m3": 0.1, "e1": 1, "m1": 0.5, "m2": 0})
    assert plan_generation(settings, 0, random.Random(0)) == ["e1", "m1", "m3", "e1", "m1", "e1", "e1"]


def test_order_of_the_mapping_does_not_matter() -> None:
    """A database may store the mapping's keys in another order; the run must replay all the same."""
    one = StrategyRun(config(population_size=3, operators={"e1": 1, "m1": 2}, offspring="drawn"))
    other = StrategyRun(config(population_size=3, operators={"m1": 2, "e1": 1}, offspring="drawn"))
    one.play_in_order(60, width=2)
    other.play_in_order(60, width=2)
    assert one.fingerprints() == other.fingerprints()


def test_steady_state_breeds_from_the_latest_outcome() -> None:
    """N = 1 and only improvements: every parent is the candidate told just before."""

    def improving(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, 100.0 - number, request)

    requests = StrategyRun(config(population_size=1), improving).play_in_order(30)
    assert [request.parents[0].id for request in requests[2:]] == list(range(2, 30))


def test_steady_state_invents_until_something_works() -> None:
    """With the initial requests out and none back it asks i1 again; from the first success on it breeds, though others are still out."""

    def fails_first(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, 1.0 if number >= 3 else None, request)

    run = StrategyRun(config(population_size=2), fails_first)
    assert all(run.ask() for _ in range(6))  # 2N = 4 initial ones and two more
    run.tell(1)
    assert run.ask()
    run.tell(3)
    assert run.ask()
    assert operators([event.request for event in run.log if isinstance(event, Ask)]) == ["i1"] * 7 + ["e1"]
    assert list(run.in_flight) == [2, 4, 5, 6, 7, 8]


def test_generation_waits_for_its_last_outcome() -> None:
    """All of a generation may be out at once; nothing of the next is asked before the last is back, whichever that is."""
    run = StrategyRun(config(population_size=2, operators={"m1": 1}, generational=True), all_different)
    assert [run.ask() for _ in range(5)] == [True] * 4 + [False]
    for number in (4, 2, 1):
        run.tell(number)
        assert not run.ask()
    run.tell(3)
    assert [run.ask() for _ in range(3)] == [True, True, False]


def test_generational_start_that_fails_is_repeated() -> None:
    """Nothing of the first 2N works: another 2N follow, without an exception; one success then suffices."""

    def works_at_six(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, 1.0 if number == 6 else None, request)

    run = StrategyRun(config(population_size=2, generational=True), works_at_six)
    requests = run.play_in_order(10)
    assert operators(requests) == ["i1"] * 8 + ["e1", "e2"]
    assert [parent.id for parent in requests[8].parents] == [6]


def test_elites_include_the_unfinished_generation() -> None:
    """A report in the middle of a generation shows the best there is, though it cannot be a parent yet."""
    run = StrategyRun(config(population_size=2, generational=True), all_different)
    run.play_in_order(3)
    run.tell(3)
    # 1 + 37·n mod 101: request 1 → 38, 2 → 75, 3 → 11.
    assert [elite.objective for elite in run.strategy.elites()] == [11.0, 38.0]


def test_fewer_members_than_parents() -> None:
    """With two members e1 shows two, not the same one five times, also where repeats are allowed."""
    settings = config(population_size=9, initial=2, operators={"e1": 1}, distinct_parents=False)
    requests = StrategyRun(settings, all_different).play_in_order(4)
    assert [len(request.parents) for request in requests] == [0, 0, 2, 3]


@pytest.mark.parametrize("distinct", [True, False])
def test_repeated_parents(distinct: bool) -> None:
    """As released a request may show a parent twice; by default it does not."""
    requests = StrategyRun(config(population_size=6, distinct_parents=distinct), all_different).play_in_order(100)
    crossovers = [request for request in requests if request.operator in {"e1", "e2"}]
    repeats = [request for request in crossovers if len({parent.id for parent in request.parents}) < len(request.parents)]
    assert bool(repeats) is not distinct


def test_seeding_with_the_baseline() -> None:
    """The baseline breeds at once, and is no longer a member when N better ones are known."""
    run = StrategyRun(config(population_size=2, initial=0, seed_with_baseline=True, operators={"m1": 1}), varied)
    requests = run.play_in_order(30)
    assert requests[0].parents[0].id == 0
    assert 0 not in {elite.id for elite in run.strategy.elites()}


def test_failures_leave_the_population_alone() -> None:
    """A failed call and a failed candidate change no member."""
    run = StrategyRun(config(population_size=3), all_different)
    run.play_in_order(12)
    members = run.strategy.elites()
    run.strategy.tell(run.in_flight[12], Failure(stage="parsing", reason="no-code", detail=""))
    assert run.strategy.elites() == members
    StrategyRun(config(population_size=3), all_fail).play_in_order(50, width=3)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"operators": {"e1": 1, "x9": 1}}, ["x9", "'e1', 'e2', 'm1', 'm2', 'm3', 'crossover', 'mutation' or 'splice'"]),
        ({"operators": {"e1": -1}}, ["operators.e1", "greater than or equal to 0"]),
        ({"operators": {"e1": 0}}, ["no positive weight", "e1, e2, m1, m2, m3"]),
        ({"operators": {}}, ["no positive weight"]),
        ({"operators": {"e1": float("inf")}}, ["operators.e1", "finite"]),
        ({"offspring": "many"}, ["'each-operator', 'operator-by-operator', 'by-chance', 'drawn' or 'in-turn'"]),
        ({"offspring": "by-chance", "operators": {"e1": 2, "m1": 1}}, ["{'e1': 2.0, 'm1': 1.0} are chances", "at most 1"]),
        ({"offspring": "by-chance", "operators": {"e1": 0.001}}, ["are chances", "at least 0.01 to one"]),
        ({"initial": 0}, ["initial: 0", "seed_with_baseline: true"]),
        ({"population_size": 0}, ["population_size"]),
        ({"population": 5}, ["population", "not permitted"]),
    ],
)
def test_wrong_setting_is_refused_with_what_is_known(settings: dict[str, Any], words: list[str]) -> None:
    """The message names the setting and what may stand there."""
    with pytest.raises(ValidationError) as caught:
        config(**settings)
    assert all(word in str(caught.value) for word in words)


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its values come from."""
    described = EohConfig.model_json_schema()["properties"]
    assert [name for name, field in described.items() if name != "kind" and not field.get("description")] == []


@pytest.mark.parametrize("mate", ["distance", "complement"])
def test_a_crossover_shows_a_parent_and_its_mates(mate: Literal["distance", "complement"]) -> None:
    """The first is drawn by rank, weights 1/5 to 1/8; the other two follow from it. Mutations show one, as before."""
    rows = [[2.0, 2.0, 2.0], [0.0, 6.0, 6.5], [6.0, 0.0, 6.0], [3.0, 3.0, 3.0]]
    members = [scored_candidate(number, row) for number, row in enumerate(rows, 1)]

    def frozen(number: int, request: Request, identity: int) -> Outcome:
        return members[number - 1] if number <= len(members) else Failure(stage="parsing", reason="no-code", detail="made up")

    run = StrategyRun(
        config(population_size=4, initial=4, parents=3, operators={"e2": 1, "m1": 1}, mate=mate), frozen, watch=False
    )
    asked = run.play_in_order(1604)[4:]
    crossed = [request.parents for request in asked if request.operator == "e2"]
    ranked = sorted(members, key=lambda member: member.objective or 0.0)
    assert all(shown == (shown[0], *chosen_mates(shown[0], ranked, 2, mate)) for shown in crossed)
    drawn = Counter(shown[0].id for shown in crossed)
    total = sum(1 / (rank + 4) for rank in range(1, 5))
    expected = {member.id: 800 / (rank + 4) / total for rank, member in enumerate(ranked, 1)}
    assert drawn == pytest.approx(expected, abs=65)
    assert {len(request.parents) for request in asked if request.operator == "m1"} == {1}


def test_parents_from_the_front_are_who_leads_on_an_instance() -> None:
    """Mutations show the two specialists, which lead on one and on two of three instances, and never the all-rounder."""
    rows = [[2.0, 2.0, 2.0], [0.0, 6.0, 6.5], [6.0, 0.0, 0.5], [3.0, 3.0, 3.0]]
    members = [scored_candidate(number, row) for number, row in enumerate(rows, 1)]

    def frozen(number: int, request: Request, identity: int) -> Outcome:
        return members[number - 1] if number <= len(members) else Failure(stage="parsing", reason="no-code", detail="made up")

    run = StrategyRun(
        config(population_size=4, initial=4, parents=3, operators={"e2": 1, "m1": 1}, parents_by="front"), frozen, watch=False
    )
    asked = run.play_in_order(1204)[4:]
    drawn = Counter(request.parents[0].id for request in asked if request.operator == "m1")
    assert set(drawn) == {2, 3}
    assert drawn[3] / drawn.total() == pytest.approx(2 / 3, abs=0.06)
    crossed = [{parent.id for parent in request.parents} for request in asked if request.operator == "e2"]
    assert all(len(shown) == 3 and shown > {2, 3} for shown in crossed), "the front first, then by rank"


def test_splice_shows_two_parents_and_carries_a_seed_of_its_own() -> None:
    """However many other operators show."""
    run = StrategyRun(config(population_size=4, parents=3, operators={"splice": 1, "e2": 1}, offspring="in-turn"), all_different)
    requests = run.play_in_order(40)
    spliced = [request for request in requests if request.operator == "splice"]
    assert len(spliced) > 10
    assert {len(request.parents) for request in spliced[1:]} == {2}
    assert max(len(request.parents) for request in requests if request.operator == "e2") == 3
    seeds = [int(request.context[SPLICED]) for request in spliced]
    assert len(set(seeds)) == len(seeds)
    assert not any(SPLICED in request.context for request in requests if request.operator != "splice")
