"""EvoX against its definition, and the contract; its policies are run by the guest's own code, here without a guest."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from evoheur.evaluation.policy_job import open_candidate
from evoheur.request import Failure, Note, Outcome, Request, RequestKind
from evoheur.search_policy import PolicyFault, read_choice, written_answer
from evoheur.strategies.evox import Evox, EvoxConfig
from evoheur.strategies.note_skipping import NoteSkipping
from evoheur.strategies.policy_record import window_score
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Outcomes, StrategyRun, all_equal, made_up_candidate, varied

BEST = """Always the best.

```python
def choose(programs, progress, rng):
    return {"parent": programs[0]["id"], "label": "refine", "context": []}
```
"""
OLD_AND_BAD = """```python
def choose(programs, progress, rng):
    return {"parent": programs[-1]["id"], "label": "diverge", "context": [p["id"] for p in programs[:1] if len(programs) > 1]}
```"""
RAISES_LATER = """```python
def choose(programs, progress, rng):
    if progress["window"] >= 3:
        return {"parent": 1 // 0}
    return {"parent": programs[0]["id"], "label": "free", "context": []}
```"""
UNKNOWN_LATER = RAISES_LATER.replace("1 // 0", "10**6")


def config(**settings: Any) -> EvoxConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return EvoxConfig.model_validate({"guide": False, "initial": 2, "patience": 6, "ahead": 1, **settings})


def consulted(request: Request) -> Note:
    """What the policy of a request answers, as a bench would store it."""
    view = json.loads(request.context["view"])
    try:
        answer = open_candidate({"code": request.context["policy"], "name": "choose"})(view)
    except Exception as error:  # noqa: BLE001 - whatever a policy raises, a guest tells as this
        return Note(text=written_answer(PolicyFault(reason="raised", detail=repr(error))))
    known = [program["id"] for program in view["programs"]]
    return Note(text=written_answer(read_choice(answer, known, contexts=int(request.context["contexts"]))))


def with_policies(*replies: str, below: Outcomes = varied) -> Outcomes:
    """Outcomes in which policies are run, and written by a list of replies that is gone through again and again; an empty one is bred."""

    def outcomes(number: int, request: Request, identity: int) -> Outcome:
        if request.kind is RequestKind.CONSULTATION:
            return consulted(request)
        if request.operator == "write_policy":
            return Note(text=replies[number // 3 % len(replies)])
        return below(number, request, identity)

    return outcomes


def falling(number: int, request: Request, identity: int) -> Outcome:
    """Every candidate is a little better than all before it, but by far too little to be a gain."""
    return Note(text="") if request.produces == "note" else made_up_candidate(identity, 4.0 - identity / 1e4, request)


def run_of(outcomes: Outcomes, **settings: Any) -> tuple[StrategyRun, Evox]:
    run = StrategyRun(config(**settings), outcomes, watch=False)
    assert isinstance(run.strategy, Evox)
    return run, run.strategy


def until(run: StrategyRun, reached: Callable[[], bool]) -> list[Request]:
    """Go on step by step until something is so; the requests on the way."""
    asked: list[Request] = []
    for _ in range(500):
        if reached():
            return asked
        asked += run.play_in_order(1)
    raise AssertionError("never reached")


@pytest.mark.nightly
class TestContract(StrategyContract):
    def config(self) -> EvoxConfig:
        """Small; notes hold no policies, so that the first one stays."""
        return EvoxConfig(initial=3, store_size=6, patience=8)


@pytest.mark.nightly
class TestWithoutTheBaseline(StrategyContract):
    def config(self) -> EvoxConfig:
        """Without context programs, and with nothing to begin with."""
        return EvoxConfig(initial=2, store_size=4, contexts=0, seed_with_baseline=False, guide=False)


@pytest.mark.parametrize("width", [1, 5])
@pytest.mark.parametrize("replies", [("",), (BEST, RAISES_LATER, "no policy at all", OLD_AND_BAD, UNKNOWN_LATER)])
def test_a_replay_in_the_middle_of_a_window_goes_on_like_the_live_run(width: int, replies: tuple[str, ...]) -> None:
    """The contract in short, with policies that are taken, refused and fail; cut at every length of a window."""
    outcomes = with_policies(*replies)
    for more in range(0, 12, 1 if width == 1 else 5):
        live = StrategyRun(config(ahead=width), outcomes, watch=False)
        live.play_in_order(120 + more, width=width)
        fresh = StrategyRun(config(ahead=width), outcomes, watch=False).replay(live.log)
        assert fresh.in_flight == live.in_flight
        for run in (live, fresh):
            run.play_in_order(60, width=width)
        assert fresh.fingerprints() == live.fingerprints()


def test_when_it_waits_nothing_changes() -> None:
    """Asked in vain while choices are under way."""
    run = StrategyRun(config(ahead=2), with_policies(""))
    run.play_in_order(200, width=8)


def test_fresh_instances_are_replayed_all_the_same() -> None:
    """With epochs of 12 candidates, in each of which windows and choices begin anew."""
    outcomes = with_policies("", BEST)
    live = StrategyRun(config(store_size=5), outcomes, every=12, watch=False)
    live.play_in_order(200, width=3)
    fresh = StrategyRun(config(store_size=5), outcomes, every=12, watch=False).replay(live.log)
    for run in (live, fresh):
        run.play_in_order(100, width=3)
    assert fresh.fingerprints() == live.fingerprints()


def test_always_the_best_breeds_from_the_best_for_a_whole_window() -> None:
    """From its trial to the close of its window, every parent is the best of that moment."""
    run, evox = run_of(with_policies(BEST, below=falling))
    until(run, lambda: evox.in_charge.number == 1)
    parents = 0
    while evox.in_charge.score is None:
        [request] = run.play_in_order(1)
        if request.operator == "refine":
            assert [parent.id for parent in request.parents] == [evox.elites()[0].id], "it was not told yet"
            parents += 1
        for number in list(run.in_flight):
            run.tell(number)
    assert parents == evox.in_charge.length == 6


@pytest.mark.parametrize("policy", [RAISES_LATER, UNKNOWN_LATER], ids=["raises", "unknown-id"])
def test_a_faulty_policy_gives_way_within_one_step_and_nothing_is_lost(policy: str) -> None:
    """The failing choice itself brings a request, by the first policy's rule; no program is lost, the former policy chooses next."""
    run, evox = run_of(with_policies(BEST, below=falling))
    until(run, lambda: evox.in_charge.number == 1)
    run._outcomes = with_policies(policy, below=falling)  # another writer from now on
    until(run, lambda: evox.in_charge.number == 2)
    asked = until(run, lambda: evox.in_charge.number != 2)
    held = [member.id for member in evox.members()]
    assert evox.in_charge.number == 1, "the one before it"
    assert asked[-1].kind is RequestKind.MODEL, "the step after the failing choice is a heuristic"
    assert held == sorted(held, reverse=True), "every candidate is better than those before it, and none is lost"
    following = [request for request in run.play_in_order(6) if request.kind is RequestKind.CONSULTATION]
    assert all("Always" not in one.context["policy"] for one in following)
    assert {one.tag[0] for one in following if isinstance(one.tag, tuple)} <= {1}, "it is never asked again"


def test_what_fails_its_trial_is_never_in_charge() -> None:
    """And the window of the policy that stays begins anew."""
    run, evox = run_of(with_policies("```python\ndef choose(programs, progress, rng):\n    return None\n```", below=all_equal))
    asked = run.play_in_order(60)
    assert evox.in_charge.number == 0
    trials = [request for request in asked if request.kind is RequestKind.CONSULTATION]
    assert len(trials) >= 3
    assert all(request.context["trial"] for request in trials)


@pytest.mark.parametrize("outcome", [Failure(stage="generation", reason="server-error", detail="down"), Note(text="I cannot.")])
def test_without_a_policy_the_present_one_stays(outcome: Outcome) -> None:
    """No model reachable, or prose: nothing is tried, and another one is asked for when the next window closes."""

    def outcomes(number: int, request: Request, identity: int) -> Outcome:
        return outcome if request.operator == "write_policy" else all_equal(number, request, identity)

    run, evox = run_of(outcomes)
    asked = run.play_in_order(60)
    assert evox.in_charge.number == 0
    assert all(request.kind is RequestKind.MODEL for request in asked)
    assert sum(request.operator == "write_policy" for request in asked) >= 3


def test_the_score_of_a_window_by_hand() -> None:
    """The baseline costs 4.5. Two first candidates cost 3.6 (a fifth saved), and all others 3.6, so nothing gains after the first.

    The first is a gain of .2 > .01; six more outcomes close the window: .2 · (1 + ln 1) / √7. The next window has no gain: 0.
    """

    def outcomes(number: int, request: Request, identity: int) -> Outcome:
        return Note(text="prose") if request.produces == "note" else made_up_candidate(identity, 3.6, request)

    run, evox = run_of(outcomes)
    until(run, lambda: evox.in_charge.score is not None)
    assert evox.in_charge.length == 7
    assert evox.in_charge.score == pytest.approx(0.2 / math.sqrt(7))
    assert evox.in_charge.before.startswith("1 programs, 1 costs: best 4.5")
    assert "best 3.6" in evox.in_charge.after
    until(run, lambda: evox.in_charge.score == 0)


def test_frozen_populations_score_by_hand() -> None:
    """Gain · (1 + ln(1 + start)) / √length; a start below the baseline counts as 0."""
    assert window_score(0.25, 0.35, 16) == pytest.approx(0.1 * (1 + math.log(1.25)) / 4)
    assert window_score(-0.5, 0.0, 4) == pytest.approx(0.25)
    assert window_score(0.3, 0.3, 9) == 0


def test_every_call_counts_and_no_choice_does() -> None:
    """What is asked of the model is all that is a request of the search."""
    run, _ = run_of(with_policies(BEST, ""))
    for request in run.play_in_order(150):
        assert request.kind.is_search == (request.operator != "consult_policy")


def test_advice_is_shown_by_label() -> None:
    """What the guide says of refining goes to requests that refine."""

    def outcomes(number: int, request: Request, identity: int) -> Outcome:
        if request.operator == "guide":
            return Note(text="**Refine:** change the numbers.\nA little.\n\nDiverge: another principle.")
        return with_policies(BEST, OLD_AND_BAD, below=falling)(number, request, identity)

    run, _ = run_of(outcomes, guide=True)
    asked = run.play_in_order(120)
    assert {one.context["advice"] for one in asked if one.operator == "refine"} == {"change the numbers. A little."}
    assert {one.context["advice"] for one in asked if one.operator == "diverge"} == {"another principle."}
    assert {one.context["advice"] for one in asked if one.operator == "free"} == {""}


def test_without_notes_policies_are_bred_and_tried() -> None:
    """As a run without a model does it; no request is a note of a model."""
    run, evox = run_of(with_policies("no call is made for this", below=all_equal), guide=True)
    run.strategy = NoteSkipping(evox)
    asked = run.play_in_order(200, width=3)
    assert {request.operator for request in asked if request.produces == "note"} == {"consult_policy"}
    assert evox.in_charge.number > 3
    assert evox.in_charge.genes is not None


def test_a_policy_sees_no_more_than_it_needs() -> None:
    """Numbers, costs, labels and code; nothing of instances, results or the run."""
    run, _ = run_of(with_policies(BEST))
    asked = until(run, lambda: any(request.kind is RequestKind.CONSULTATION for request in run.in_flight.values()))
    assert asked
    view = json.loads(asked[-1].context["view"])
    assert set(view) == {"programs", "progress", "seed"}
    assert set(view["programs"][0]) == {"id", "cost", "label", "code", "age", "children", "better"}
    assert set(view["progress"]) == {"told", "window", "since_gain", "patience", "gain", "contexts"}


def test_nothing_to_begin_with_is_refused() -> None:
    with pytest.raises(ValueError, match="initial: 0 leaves nothing to breed from"):
        config(initial=0, seed_with_baseline=False)
