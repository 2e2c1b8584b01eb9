"""HSEvo against what the paper and its release prescribe, and the contract in every mode."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.request import Failure, Note, Outcome, Request, RequestKind
from evoheur.strategies.hsevo import FlashReflection, HsEvoConfig
from evoheur.strategies.personas import PERSONAS
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun, all_equal, all_fail, made_up_candidate, varied
from tests.evoheur.strategies.support.reflective_story import Story, operators, unsettled, worth

CYCLE = ["reflect_flash", "reflect_comprehensive", *["crossover"] * 4, "mutate", "mutate", "harmony"]


def config(**settings: Any) -> HsEvoConfig:
    """A configuration from plain values, small unless said otherwise: 6 initial requests, then 4 crossovers and 2 mutants."""
    return HsEvoConfig.model_validate({"population_size": 4, "initial": 6, **settings})


class TestSteadyState(StrategyContract):
    def config(self) -> HsEvoConfig:
        """The default mode."""
        return config()


@pytest.mark.nightly
class TestGenerational(StrategyContract):
    def config(self) -> HsEvoConfig:
        """The published barriers."""
        return config(generational=True, external_knowledge="Gaps hurt.", experiences=2)


@pytest.mark.nightly
class TestResults(StrategyContract):
    def config(self) -> HsEvoConfig:
        """Results and failures are shown, and nothing is tuned."""
        return config(show_results=True, seed_with_baseline=True, harmony_evaluations=0)


def guided(number: int, request: Request, identity: int) -> Outcome:
    """As `unsettled`, with flash reflections in two parts."""
    if request.operator == "reflect_flash":
        return Note(text=f"Analysis: analysis {number}\nExperience: experience {number}")
    return unsettled(number, request, identity)


@pytest.mark.parametrize("width", [1, 3])
def test_paper_conforms_over_four_generations(width: int) -> None:
    """Sequence, parents and texts of every step, with population, elite and lists of experiences worked out from the outcomes alone."""
    run = StrategyRun(config(generational=True, external_knowledge="Gaps hurt."), guided)
    requests = run.play_in_order(6 + 4 * 9 + 1, width=width)
    assert operators(requests) == ["init"] * 6 + CYCLE * 4 + ["reflect_flash"]
    story = Story(run)
    population = story.born(1, 7)
    filed: dict[bool, list[str]] = {True: [], False: []}
    tuned: set[int] = set()
    for first in range(7, 7 + 4 * 9, 9):
        check_reflections(story, first, {parent.id for parent in [*population, story.best(first)]}, filed)
        check_offspring(story, first)
        population = story.born(first + 2, first + 8)
        (parent,) = story.requests[first + 8].parents
        assert worth(parent) == min(worth(member) for member in population if member.id not in tuned)
        tuned.add(parent.id)
        population += story.born(first + 8, first + 9)
        improved = story.best(first + 8) is not story.best(first + 2)
        filed[improved].append(f"experience {first}")
    assert filed[True]
    assert filed[False]


def check_reflections(story: Story, first: int, pool: set[int], filed: dict[bool, list[str]]) -> None:
    """The flash reflection sees what is crossed afterwards, best first and once; the comprehensive one all that was filed."""
    flash, comprehensive = story.requests[first], story.requests[first + 1]
    selected = {parent.id: parent for number in range(first + 2, first + 6) for parent in story.requests[number].parents}
    assert sorted(selected) == sorted(parent.id for parent in flash.parents)
    assert set(selected) <= pool
    assert [worth(parent) for parent in flash.parents] == sorted(worth(parent) for parent in flash.parents)
    assert comprehensive.parents == ()
    assert comprehensive.context == {
        "baseline": "header",
        "experience": f"experience {first}",
        "good": "\n".join(filed[True]),
        "bad": "\n".join(filed[False]),
    }


def check_offspring(story: Story, first: int) -> None:
    """Crossovers show the better parent first and both texts; mutants are the elite's, as it is when the crossovers are in."""
    memory = f"Gaps hurt.\n{story.note(first + 1)}"
    for number in range(first + 2, first + 6):
        better, worse = story.requests[number].parents
        assert worth(better) < worth(worse)
        assert story.requests[number].context == {"baseline": "header", "analysis": f"analysis {first}", "memory": memory}
    for number in (first + 6, first + 7):
        assert story.requests[number].parents == (story.best(first + 6),)
        assert story.requests[number].context == {"baseline": "header", "memory": memory}


def test_first_population_is_asked_for_by_ten_personas_in_turn() -> None:
    """30 requests, each persona three times, with the problem's own heuristic, at a raised temperature."""
    requests = StrategyRun(HsEvoConfig()).play_in_order(31)
    assert [request.operator for request in requests] == ["init"] * 30 + ["reflect_flash"]
    assert [request.context["persona"] for request in requests[:30]] == [*PERSONAS] * 3
    assert len(set(PERSONAS)) == 10
    assert {request.temperature_offset for request in requests[:30]} == {0.3}
    assert {request.parents[0].id for request in requests[:30]} == {0}


def test_paper_values_are_the_defaults() -> None:
    """10 crossovers, 5 mutants and a harmony search of 10 evaluations per generation: 25 evaluations, after 30 initial ones."""
    settings = HsEvoConfig()
    per_generation = settings.population_size + settings.mutants + settings.harmony_evaluations
    assert (settings.initial, per_generation) == (30, 25)


def test_harmony_search_is_asked_without_a_prompt() -> None:
    """A tuning request for one member, with its evaluations and its method."""
    requests = StrategyRun(config(harmony_evaluations=7), guided).play_in_order(60)
    harmonies = [request for request in requests if request.operator == "harmony"]
    assert len(harmonies) == 6
    for request in harmonies:
        assert (request.kind, len(request.parents)) == (RequestKind.TUNING, 1)
        assert request.context == {"evaluations": "7", "method": "harmony-search"}
    plain = StrategyRun(config(harmony_evaluations=0), guided).play_in_order(60)
    assert "harmony" not in operators(plain)


def test_no_code_is_tuned_twice() -> None:
    """Every candidate is a copy of candidate 1: it is tuned once, and never again under another number."""

    def copies(number: int, request: Request, identity: int) -> Outcome:
        outcome = guided(number, request, identity)
        if not isinstance(outcome, Candidate) or identity == 1 or request.operator == "init":
            return outcome
        return replace(made_up_candidate(identity, 2.0, request), duplicate_of=1)

    requests = StrategyRun(config(generational=True), copies).play_in_order(100)
    assert operators(requests).count("harmony") == 1


def test_tuned_heuristic_joins_though_it_is_worse() -> None:
    """The result of the harmony search is worse than all, and a parent of the next generation."""

    def worse(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, 99.0, request) if request.operator == "harmony" else guided(number, request, identity)

    run = StrategyRun(config(generational=True, population_size=8), worse)
    requests = run.play_in_order(150)
    assert any(parent.operator == "harmony" for request in requests for parent in request.parents)


def test_copies_are_shown_to_the_flash_reflection_once() -> None:
    """Two members of the same code are one of those that it ranks."""

    def doubled(number: int, request: Request, identity: int) -> Outcome:
        outcome = guided(number, request, identity)
        if request.operator != "init":
            return outcome
        return made_up_candidate(identity, 2.0) if identity == 1 else replace(made_up_candidate(identity, 2.0), duplicate_of=1)

    run = StrategyRun(config(generational=True, seed_with_baseline=True), doubled)
    flash = run.play_in_order(7)[6]
    assert [parent.objective for parent in flash.parents] == [2.0, 4.5]


def test_steady_state_with_one_request_in_flight_is_the_published_order() -> None:
    """Nothing is stale if nothing is in flight."""
    requests = StrategyRun(config(), guided).play_in_order(6 + 3 * 9)
    assert operators(requests) == ["init"] * 6 + CYCLE * 3
    for first in range(6, 6 + 3 * 9, 9):
        assert {request.context["analysis"] for request in requests[first + 2 : first + 6]} == {f"analysis {first + 1}"}


def test_steady_state_does_not_wait_for_reflections() -> None:
    """While they are out, crossovers of the selected pairs, then of fresh ones, take the guidance there is; at first none."""
    run = StrategyRun(config(), guided)
    run.play_in_order(6)
    run.tell(6)
    assert all(run.ask() for _ in range(8))
    assert operators(list(run.in_flight.values())) == ["reflect_flash"] + ["crossover"] * 7
    selected = {parent.id for parent in run.in_flight[7].parents}
    assert all({parent.id for parent in run.in_flight[number].parents} <= selected for number in range(8, 12))
    assert {run.in_flight[number].context["analysis"] for number in range(8, 15)} == {""}
    run.tell(7)
    assert all(run.ask() for _ in range(2))
    assert run.in_flight[15].operator == "reflect_comprehensive"
    assert (run.in_flight[16].operator, run.in_flight[16].context["analysis"]) == ("crossover", "analysis 7")


@pytest.mark.parametrize("width", [2, 8, 40])
def test_shares_of_the_operators_do_not_depend_on_how_many_are_in_flight(width: int) -> None:
    """Per four crossovers two mutants and one harmony search, up to what is in flight at the end."""
    requests = StrategyRun(config(), guided).play_in_order(1000, width=width)
    counts = {name: operators(requests).count(name) for name in ("crossover", "mutate", "harmony", "reflect_flash")}
    generations = counts["crossover"] / 4
    assert counts["mutate"] == pytest.approx(2 * generations, abs=2 * width)
    assert counts["harmony"] == pytest.approx(generations, abs=width)
    assert counts["reflect_flash"] == pytest.approx(generations, abs=width)


@pytest.mark.parametrize("generational", [True, False])
def test_lost_reflections_do_not_stop_breeding(generational: bool) -> None:
    """Crossovers are then guided by the knowledge there is; the comprehensive reflection has nothing to weigh and is left out."""

    def speechless(number: int, request: Request, identity: int) -> Outcome:
        if request.produces == "note":
            return Failure(stage="generation", reason="server-error", detail="made up")
        return guided(number, request, identity)

    run = StrategyRun(config(generational=generational, external_knowledge="k"), speechless)
    requests = run.play_in_order(6 + 3 * 8)
    assert operators(requests) == ["init"] * 6 + [name for name in CYCLE if name != "reflect_comprehensive"] * 3
    assert {request.context["memory"] for request in requests if request.operator in {"crossover", "mutate"}} == {"k"}


def test_experiences_are_bounded() -> None:
    """With two of each remembered, the oldest are forgotten."""

    def hopeless(number: int, request: Request, identity: int) -> Outcome:
        if request.produces == "note":
            return guided(number, request, identity)
        return made_up_candidate(identity, 5.0 + number, request)

    requests = StrategyRun(config(generational=True, experiences=2), hopeless).play_in_order(6 + 4 * 9)
    bad = [request.context["bad"] for request in requests if request.operator == "reflect_comprehensive"]
    assert bad == ["", "experience 7", "experience 7\nexperience 16", "experience 16\nexperience 25"]


def test_harmony_search_earns_no_experience_its_merit() -> None:
    """Only it finds new elites, so that every experience is a bad one."""

    def lucky(number: int, request: Request, identity: int) -> Outcome:
        if request.produces == "note":
            return guided(number, request, identity)
        return made_up_candidate(identity, 1.0 / number if request.operator == "harmony" else 5.0 + number, request)

    requests = StrategyRun(config(), lucky).play_in_order(60)
    assert {request.context["good"] for request in requests if request.operator == "reflect_comprehensive"} == {""}


@pytest.mark.parametrize("generational", [True, False])
@pytest.mark.parametrize("outcomes", [all_fail, all_equal])
def test_where_nothing_differs_it_starts_again(generational: bool, outcomes: Any) -> None:
    """More initial requests, by the next personas, instead of the end of the run."""
    requests = StrategyRun(config(generational=generational), outcomes).play_in_order(30, width=2)
    assert set(operators(requests)) == {"init"}
    assert [request.context["persona"] for request in requests] == [*PERSONAS] * 3


@pytest.mark.parametrize("generational", [True, False])
def test_reflections_come_back_when_pairs_do(generational: bool) -> None:
    """Nothing of the first 20 requests works; afterwards the generation begins with its flash reflection."""

    def late(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, None, request) if number <= 20 else guided(number, request, identity)

    requests = StrategyRun(config(generational=generational), late).play_in_order(40)
    names = operators(requests)
    assert "reflect_flash" in names
    assert set(names[: names.index("reflect_flash")]) == {"init"}


def test_results_are_shown_if_wanted() -> None:
    """Flash reflections are told to show costs; the comprehensive ones are given the latest failures."""
    requests = StrategyRun(config(show_results=True), varied).play_in_order(200)
    assert {request.context["results"] for request in requests if request.operator == "reflect_flash"} == {"yes"}
    shown = [parent for request in requests if request.operator == "reflect_comprehensive" for parent in request.parents]
    assert shown
    assert all(parent.objective is None for parent in shown)


@pytest.mark.parametrize(
    "text",
    [
        "Analysis: a b\nExperience: c d",
        "**Analysis:** a b\n\n**Experience:** c\nd\n",
        "## Analysis\n\na b\n\n## Experience\n\nc d",
        "1. analysis - a b\n2. EXPERIENCE - c d",
        "Sure!\n\n*Analysis*: a b\n> Experience: c d",
        "Experience: c d\nAnalysis: a b",
        "Analysis:\na b\nExperience:\nc d\nExperience:\nagain",
    ],
)
def test_flash_reflection_is_taken_apart(text: str) -> None:
    """Headings may be marked up, numbered, in either order, and with text around them; the experience becomes one line."""
    assert FlashReflection.read(text) == FlashReflection(analysis="a b", experience="c d")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no headings here", ("no headings here", "no headings here")),
        ("Experience: c d", ("Experience: c d", "c d")),
        ("Analysis: a b", ("a b", "Analysis: a b")),
        ("Analysis:\nExperience: c d", ("Analysis:\nExperience: c d", "c d")),
        ("Analysis of this takes\nexperience and time", ("Analysis of this takes\nexperience and time",) * 2),
    ],
)
def test_missing_part_is_the_whole_reply(text: str, expected: Sequence[str]) -> None:
    """A model that forgets a heading has still said something; the words inside a sentence are no headings."""
    analysis, experience = expected
    assert FlashReflection.read(text) == FlashReflection(analysis=analysis, experience=" ".join(experience.split()))


@given(st.text(alphabet="Analysis: Experience\n*#-.", max_size=300))
def test_any_reply_yields_both_parts(text: str) -> None:
    """Whatever was said, both parts hold something if anything was said."""
    read = FlashReflection.read(text)
    assert bool(read.analysis) == bool(read.experience) == bool(text.strip())


@pytest.mark.parametrize("setting", ["experiences", "population_size", "initial"])
def test_wrong_setting_is_refused(setting: str) -> None:
    """The message names the setting."""
    with pytest.raises(ValidationError, match=setting):
        config(**{setting: 0})


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its values come from."""
    described = HsEvoConfig.model_json_schema()["properties"]
    assert [name for name, field in described.items() if name != "kind" and not field.get("description")] == []
