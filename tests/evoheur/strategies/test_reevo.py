"""ReEvo against what the paper and its release prescribe, and the contract in every mode."""

from itertools import islice
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Failure, Note, Outcome, Request
from evoheur.strategies.reevo import ReEvoConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun, all_equal, all_fail, made_up_candidate, varied
from tests.evoheur.prompts.support.made_up import VanLoading
from tests.evoheur.strategies.support.reflective_story import Story, operators, unsettled, worth


def config(**settings: Any) -> ReEvoConfig:
    """A configuration from plain values, small unless said otherwise: 6 initial requests, then 4 crossovers and 2 mutants."""
    return ReEvoConfig.model_validate({"population_size": 4, "initial": 6, **settings})


class TestSteadyState(StrategyContract):
    def config(self) -> ReEvoConfig:
        """The default mode."""
        return config(external_knowledge="Gaps hurt.")


class TestGenerational(StrategyContract):
    def config(self) -> ReEvoConfig:
        """The published barriers."""
        return config(generational=True, seed_with_baseline=True)


@pytest.mark.nightly
class TestResults(StrategyContract):
    def config(self) -> ReEvoConfig:
        """Results and failures are shown."""
        return config(show_results=True, population_size=3, mutation_rate=2)


@pytest.mark.nightly
class TestBlackBox(StrategyContract):
    def config(self) -> ReEvoConfig:
        """Only what beats the baseline is selected; the rest may be cut short."""
        return config(black_box=True)


@pytest.mark.nightly
class TestBlackBoxGenerational(StrategyContract):
    def config(self) -> ReEvoConfig:
        """The same with barriers, and without mutation."""
        return config(black_box=True, generational=True, mutation_rate=0)


@pytest.mark.parametrize("width", [1, 3])
def test_paper_conforms_over_four_generations(width: int) -> None:
    """Sequence, parents and texts of every step, with the population, elite and reflections worked out from the outcomes alone."""
    run = StrategyRun(config(generational=True, external_knowledge="Gaps hurt."), unsettled)
    requests = run.play_in_order(6 + 4 * 11 + 1, width=width)
    generation = ["reflect_short"] * 4 + ["crossover"] * 4 + ["reflect_long"] + ["mutate"] * 2
    assert operators(requests) == ["init"] * 6 + generation * 4 + ["reflect_short"]
    story = Story(run)
    population, known = story.born(1, 7), "Gaps hurt."
    for first in range(7, 7 + 4 * 11, 11):
        check_pairs(story, first, {parent.id for parent in [*population, story.best(first)]})
        crossed, condensed = first + 4, first + 8
        assert story.requests[condensed].parents == ()
        assert story.requests[condensed].context == {
            "baseline": "header",
            "previous": known,
            "hints": "\n".join(story.note(number) for number in range(first, crossed)),
        }
        known = story.note(condensed)
        for number in (condensed + 1, condensed + 2):
            assert story.requests[number].parents == (story.best(condensed),)
            assert story.requests[number].context == {"baseline": "header", "reflection": known, "knowledge": "Gaps hurt."}
        population = story.born(crossed, first + 11)


def check_pairs(story: Story, first: int, pool: set[int]) -> None:
    """Four pairs of different objective from the pool, worse one first, each with a reflection and the crossover that follows it."""
    for number in range(first, first + 4):
        reflection, crossover = story.requests[number], story.requests[number + 4]
        worse, better = reflection.parents
        assert {worse.id, better.id} <= pool
        assert worth(worse) > worth(better)
        assert crossover.parents == reflection.parents
        assert crossover.context == {"baseline": "header", "reflection": story.note(number)}


def test_first_population_varies_the_baseline_at_a_raised_temperature() -> None:
    """30 requests with the problem's own heuristic, at 0.3 above the model's temperature; no other request is."""
    requests = StrategyRun(ReEvoConfig(external_knowledge=" Gaps hurt. ")).play_in_order(100)
    assert [request.operator == "init" for request in requests] == [True] * 30 + [False] * 70
    assert all(request.parents[0].id == 0 for request in requests[:30])
    assert all(request.context == {"baseline": "header", "knowledge": "Gaps hurt."} for request in requests[:30])
    assert [request.temperature_offset for request in requests] == [0.3] * 30 + [0.0] * 70


def test_paper_values_are_the_defaults() -> None:
    """10 crossovers and 5 mutants per generation after 30 initial ones: with the baseline 106 after 5 generations."""
    settings = ReEvoConfig()
    assert (settings.population_size, settings.initial, settings.mutants) == (10, 30, 5)
    assert 1 + settings.initial + 5 * (settings.population_size + settings.mutants) == 106


@pytest.mark.parametrize(("size", "rate", "mutants"), [(10, 0.5, 5), (5, 0.5, 2), (1, 0.5, 0), (4, 2, 8), (10, 0, 0)])
def test_mutants_are_rounded_down(size: int, rate: float, mutants: int) -> None:
    """int(N·rate), as released."""
    assert config(population_size=size, mutation_rate=rate).mutants == mutants


def test_steady_state_with_one_request_in_flight() -> None:
    """Reflection and crossover take turns; after four crossovers the long-term reflection and two mutants follow."""
    requests = StrategyRun(config(), unsettled).play_in_order(6 + 3 * 11)
    generation = ["reflect_short", "crossover"] * 4 + ["reflect_long", "mutate", "mutate"]
    assert operators(requests) == ["init"] * 6 + generation * 3


def test_steady_state_does_not_wait() -> None:
    """A reflection that is in is followed at once, though initial requests, other reflections and other crossovers are still out."""
    run = StrategyRun(config(), unsettled)
    assert all(run.ask() for _ in range(6))
    run.tell(1)
    run.tell(2)
    assert all(run.ask() for _ in range(3))
    run.tell(8)
    assert run.ask()
    assert operators(list(run.in_flight.values())) == ["init"] * 4 + ["reflect_short"] * 2 + ["crossover"]
    assert run.in_flight[10].context["reflection"] == "note 8"
    assert run.in_flight[10].tag == 1


def test_steady_state_breeds_from_the_latest_child() -> None:
    """Only improvements: each pair's better parent is soon a child of its own generation."""

    def improving(number: int, request: Request, identity: int) -> Outcome:
        return Note(text="n") if request.produces == "note" else made_up_candidate(identity, 100.0 / number, request)

    requests = StrategyRun(config(population_size=50), improving).play_in_order(6 + 60)
    crossovers = [request for request in requests if request.operator == "crossover"]
    assert any(parent.operator == "crossover" for request in crossovers for parent in request.parents)


def test_generation_waits_step_by_step() -> None:
    """No crossover before the last reflection is in; and the crossovers come in the order of the pairs, whichever was answered first."""
    run = StrategyRun(config(generational=True), unsettled)
    run.play_in_order(6)
    assert not run.ask()
    run.tell(6)
    assert [run.ask() for _ in range(5)] == [True] * 4 + [False]
    pairs = [request.parents for request in run.in_flight.values()]
    for number in (10, 7, 9):
        run.tell(number)
        assert not run.ask()
    run.tell(8)
    assert all(run.ask() for _ in range(4))
    assert [request.parents for request in run.in_flight.values()] == pairs
    assert [request.context["reflection"] for request in run.in_flight.values()] == ["note 7", "note 8", "note 9", "note 10"]


@pytest.mark.parametrize("generational", [True, False])
def test_lost_reflections_do_not_stop_breeding(generational: bool) -> None:
    """Crossovers then go without one, nothing is condensed, and mutation follows the knowledge there is."""

    def speechless(number: int, request: Request, identity: int) -> Outcome:
        if request.produces == "note":
            return Failure(stage="generation", reason="server-error", detail="made up")
        return made_up_candidate(identity, 2.0 + number * 37 % 101 / 10, request)

    requests = StrategyRun(config(generational=generational, external_knowledge="k"), speechless).play_in_order(6 + 3 * 10)
    short = ["reflect_short"] * 4 + ["crossover"] * 4 if generational else ["reflect_short", "crossover"] * 4
    assert operators(requests) == ["init"] * 6 + [*short, "mutate", "mutate"] * 3
    assert {request.context["reflection"] for request in requests if request.operator == "crossover"} == {""}
    assert {request.context["reflection"] for request in requests if request.operator == "mutate"} == {"k"}


def test_lost_long_term_reflection_leaves_the_previous_one() -> None:
    """The second one fails; the mutants after it are shown the first one's text."""

    def forgetful(number: int, request: Request, identity: int) -> Outcome:
        if request.operator == "reflect_long" and number == 26:
            return Note(text=" ")
        return unsettled(number, request, identity)

    requests = StrategyRun(config(generational=True), forgetful).play_in_order(6 + 2 * 11)
    assert operators(requests)[25] == "reflect_long"
    assert [request.context["reflection"] for request in requests if request.operator == "mutate"] == ["note 15"] * 4


def test_overlong_notes_are_cut() -> None:
    """A model that answers with an essay does not fill every later prompt."""

    def talkative(number: int, request: Request, identity: int) -> Outcome:
        return Note(text="word " * 5000) if request.produces == "note" else unsettled(number, request, identity)

    requests = StrategyRun(config(), talkative).play_in_order(60)
    assert max(len(request.context.get("reflection", "")) for request in requests) == 2000


@pytest.mark.parametrize("generational", [True, False])
@pytest.mark.parametrize("outcomes", [all_fail, all_equal])
def test_where_nothing_differs_it_starts_again(generational: bool, outcomes: Any) -> None:
    """The release's run ends here; all_equal with a baseline that is worse, so that the elite is one of the equals."""
    requests = StrategyRun(config(generational=generational), outcomes).play_in_order(60, width=2)
    assert set(operators(requests)) == {"init"}


@pytest.mark.parametrize("generational", [True, False])
def test_generation_that_dies_out_is_followed_by_initial_requests(generational: bool) -> None:
    """No crossover and no mutant ever works: after each generation initial requests follow, and then another generation."""

    def barren(number: int, request: Request, identity: int) -> Outcome:
        if request.produces == "note":
            return Note(text="n")
        return made_up_candidate(identity, 5.0 + number if request.operator == "init" else None, request)

    requests = StrategyRun(config(generational=generational), barren).play_in_order(60)
    assert operators(requests[:6]) == ["init"] * 6
    assert operators(requests[6:17]).count("crossover") == 4
    assert requests[17].operator == "init"
    assert requests[17].temperature_offset == 0.3
    assert operators(requests[18:]).count("crossover") > 4


def test_elite_outlives_its_generation_as_a_parent() -> None:
    """The baseline of 4.5 stays the best: it is selected in every generation, and every mutant is its."""

    def worsening(number: int, request: Request, identity: int) -> Outcome:
        return Note(text="n") if request.produces == "note" else made_up_candidate(identity, 5.0 + number, request)

    requests = StrategyRun(config(generational=True), worsening).play_in_order(6 + 5 * 11)
    assert {request.parents[0].id for request in requests if request.operator == "mutate"} == {0}
    late = [request for request in requests[6 + 2 * 11 :] if request.operator == "reflect_short"]
    assert any(parent.id == 0 for request in late for parent in request.parents)


def test_baseline_is_no_member_unless_wanted() -> None:
    """With a better heuristic known, the baseline is a parent of the first generation only if it is a member."""

    def always_better(number: int, request: Request, identity: int) -> Outcome:
        return Note(text="n") if request.produces == "note" else made_up_candidate(identity, 1.0 + number % 7 / 7, request)

    shown = {}
    for seeded in (False, True):
        run = StrategyRun(config(seed_with_baseline=seeded, generational=True, population_size=20), always_better)
        pairs = run.play_in_order(26)[6:]
        shown[seeded] = any(parent.id == 0 for request in pairs for parent in request.parents)
    assert shown == {False: False, True: True}


@pytest.mark.parametrize("generational", [True, False])
def test_black_box_selects_only_what_beats_the_baseline(generational: bool) -> None:
    """Objectives are 0.125 to 4 and the baseline's is 4.5 in `varied`, so half of them are raised above it here."""

    def mixed(number: int, request: Request, identity: int) -> Outcome:
        outcome = varied(number, request, identity)
        return (
            made_up_candidate(identity, 4.5 + number % 3, request) if request.produces == "heuristic" and number % 2 else outcome
        )

    requests = StrategyRun(config(black_box=True, generational=generational), mixed).play_in_order(150, width=2)
    bred = [request for request in requests if request.operator in {"reflect_short", "crossover", "mutate"}]
    assert {request.operator for request in bred} == {"reflect_short", "crossover", "mutate"}
    assert all(worth(parent) < 4.5 for request in bred for parent in request.parents)
    assert {request.context["baseline"] for request in requests} == {"anonymous"}
    assert {request.bound for request in requests if request.produces == "heuristic"} == {4.5}


def test_black_box_prompts_do_not_tell_the_problem() -> None:
    """No title, description, docstring or parameter of the problem's in any prompt; only the function's name, which must be kept."""
    prompts = PromptLibrary(ProblemCard.from_problem(VanLoading()))
    requests = StrategyRun(config(black_box=True), unsettled).play_in_order(100)
    texts = {request.operator: prompts.render("reevo", request)[0].content for request in requests}
    assert set(texts) == {"init", "reflect_short", "crossover", "reflect_long", "mutate"}
    for text in texts.values():
        assert "load_order(x1, x2)" in text
        assert [word for word in ("Van loading", "parcel", "room", "score", "Score") if word in text] == []


def test_results_are_shown_if_wanted() -> None:
    """Short-term reflections are told to show costs; the long-term one is given the latest failures, three at most, each once."""
    requests = StrategyRun(config(show_results=True), varied).play_in_order(200)
    assert {request.context["results"] for request in requests if request.operator == "reflect_short"} == {"yes"}
    shown = [request.parents for request in requests if request.operator == "reflect_long"]
    assert all(parent.objective is None for parents in shown for parent in parents)
    identities = [parent.id for parents in shown for parent in parents]
    assert len(identities) == len(set(identities)) > 3
    plain = StrategyRun(config(), varied).play_in_order(200)
    assert {request.context["results"] for request in plain if request.operator == "reflect_short"} == {""}
    assert {request.parents for request in plain if request.operator == "reflect_long"} == {()}


def test_pairs_are_numbered_through() -> None:
    """The tag by which a reflection's crossover is found is unique."""
    requests = StrategyRun(config(), unsettled).play_in_order(80, width=4)
    tags = [request.tag for request in requests if request.operator == "reflect_short"]
    assert tags == list(range(len(tags)))
    crossovers = list(islice((request for request in requests if request.operator == "crossover"), 10))
    assert len({request.tag for request in crossovers}) == 10


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"black_box": True, "show_results": True}, ["show_results: true", "black_box: true"]),
        ({"population_size": 0}, ["population_size"]),
        ({"initial": 0}, ["initial"]),
        ({"mutation_rate": -0.1}, ["mutation_rate"]),
        ({"temperature_offset": 9}, ["temperature_offset"]),
        ({"max_fe": 100}, ["max_fe", "not permitted"]),
    ],
)
def test_wrong_setting_is_refused(settings: dict[str, Any], words: list[str]) -> None:
    """The message names the setting."""
    with pytest.raises(ValidationError) as caught:
        config(**settings)
    assert all(word in str(caught.value) for word in words)


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its values come from."""
    described = ReEvoConfig.model_json_schema()["properties"]
    assert [name for name, field in described.items() if name != "kind" and not field.get("description")] == []
