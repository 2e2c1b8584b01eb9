"""The contract of every strategy, as a pytest class.

    class TestMyStrategy(StrategyContract):
        def config(self) -> StrategyConfig:
            return MyConfig(population_size=4)

Give small populations, so that short runs reach every phase. Needs the test dependencies pytest and hypothesis.
"""

import ast
import atexit
import inspect
import json
import os
import random
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cache
from types import FrameType
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evoheur.request import RequestKind
from evoheur.strategies.strategy import StrategyConfig
from evoheur.testing import strategy_runs
from evoheur.testing.strategy_runs import (
    Ask,
    StrategyRun,
    all_equal,
    all_fail,
    made_up_candidate,
    raced_outcomes,
    run_digest,
    varied,
    with_twins,
)

__all__ = ["StrategyContract"]

_DIGESTS = """
import json, sys, traceback
from evoheur.testing.strategy_runs import run_digest
for line in sys.stdin:
    try:
        answer = run_digest(*json.loads(line)), ""
    except Exception:
        answer = "", traceback.format_exc()
    print(json.dumps(answer), flush=True)
"""
_EPOCH = 12  # candidates, so that short runs have several epochs
_MOST_MEMBERS = 200
_CLOCKS = {"asyncio", "datetime", "threading", "time"}
_OUTSIDE = {"io", "multiprocessing", "os", "pathlib", "secrets", "socket", "subprocess", "tempfile", "uuid"}


def schedule_of(seed: int, length: int) -> list[int]:
    """Choices for `StrategyRun.play`.

    A seed and a length instead of a drawn list, since these shrink to a short failing run in no time.
    """
    return random.Random(seed).choices(range(60), k=length)  # noqa: S311 - reproducible on purpose


_schedules = st.builds(schedule_of, seed=st.integers(0, 2**32 - 1), length=st.integers(0, 200))
_cuts = st.integers(min_value=0, max_value=200)
_widths = st.integers(min_value=1, max_value=6)
# Subclasses run the same property on other configurations, which is what this health check warns of; a busy machine is slow; and one
# broken rule often shows in several ways, of which one is enough.
_quietly = settings(
    # A quarter of what the profile in force says, since an example is a whole run.
    max_examples=max(1, settings.get_profile(settings.get_current_profile_name()).max_examples // 4),
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.differing_executors],
)


class StrategyContract(ABC):
    """The expectations; subclass it and name the configuration.

    They are what `replay`, the loop and the reports rely on.
    """

    warm_up: ClassVar[int] = 100
    """Requests after which the strategy is past its initialisation and its archive is full."""

    @abstractmethod
    def config(self) -> StrategyConfig:
        """The configuration to test.

        It must be importable by its module and class name.
        """

    @given(schedule=_schedules, cut=_cuts, width=_widths)
    @_quietly
    def test_replayed_strategy_continues_like_the_live_one(self, schedule: list[int], cut: int, width: int) -> None:
        """A fresh strategy, brought by replay to the live one.

        The log may be cut anywhere, and the live one was asked in vain in between.
        """
        live = StrategyRun(self.config()).play(schedule[:cut], width=width)
        fresh = StrategyRun(self.config()).replay(live.log)
        assert fresh.in_flight == live.in_flight, "the replayed strategy's requests differ from the live one's"
        replayed, lived = ([elite.id for elite in run.strategy.elites()] for run in (fresh, live))
        assert replayed == lived, f"the replayed strategy's elites are {replayed}, the live one's {lived}"
        live.play(schedule[cut:], width=width)
        fresh.play(schedule[cut:], width=width)
        assert fresh.fingerprints() == live.fingerprints(), "after the replay the strategy goes on otherwise than the live one"

    @given(schedule=_schedules, width=_widths)
    @_quietly
    def test_generations_are_counted_where_the_configuration_promises_them(self, schedule: list[int], width: int) -> None:
        """A number that never falls; a budget of generations hangs on it."""
        run, before = StrategyRun(self.config()), 0
        for choice in schedule:
            run.step(choice, width=width)
            generation = run.strategy.generation
            assert generation is not None or not self.config().has_generations, "the configuration promises generations"
            assert generation is None or generation >= before, f"generation {before} is followed by {generation}"
            before = generation or 0

    @given(schedule=_schedules, width=_widths)
    @_quietly
    def test_any_order_of_outcomes_is_survived(self, schedule: list[int], width: int) -> None:
        """Outcomes in any order.

        The checks of `StrategyRun` hold, and a run that is emptied can always be gone on with.
        """
        run = StrategyRun(self.config()).play(schedule, width=width)
        for number in list(run.in_flight):
            run.tell(number)
        assert run.ask()

    @given(schedule=_schedules, width=_widths)
    @_quietly
    def test_nothing_but_failures_is_survived(self, schedule: list[int], width: int) -> None:
        """A run in which no call yields a heuristic.

        The strategy goes on asking, and its elites are the baseline at most.
        """
        run = StrategyRun(self.config(), all_fail).play(schedule, width=width)
        found = {elite.id for elite in run.strategy.elites()}
        assert found <= {0}, f"no heuristic ever worked, yet the elites are {found}"

    @given(schedule=_schedules, width=_widths)
    @_quietly
    def test_nothing_but_equals_is_survived(self, schedule: list[int], width: int) -> None:
        """A run in which all heuristics have equal worth.

        The strategy goes on asking.
        """
        StrategyRun(self.config(), all_equal).play(schedule, width=width)

    @given(schedule=_schedules, width=_widths)
    @_quietly
    def test_cutting_hopeless_evaluations_short_changes_nothing(self, schedule: list[int], width: int) -> None:
        """Equal requests and elites with pruned candidates.

        A candidate that reaches its request's `bound` may as well be told as pruned.
        """
        whole = StrategyRun(self.config()).play(schedule, width=width)
        raced = StrategyRun(self.config(), raced_outcomes(varied)).play(schedule, width=width)
        assert raced.fingerprints() == whole.fingerprints(), "a pruned candidate changed what the strategy asks"
        pruned, lived = ([elite.id for elite in run.strategy.elites()] for run in (raced, whole))
        assert pruned == lived, f"with pruning the elites are {pruned}, without {lived}"

    @given(schedule=_schedules, cut=_cuts, width=_widths)
    @_quietly
    def test_with_twins_it_is_replayed_all_the_same(self, schedule: list[int], cut: int, width: int) -> None:
        """A replayed strategy that continues like the live one where candidates take over scores of earlier ones."""
        live = StrategyRun(self.config(), with_twins(varied)).play(schedule[:cut], width=width)
        fresh = StrategyRun(self.config()).replay(live.log)
        assert fresh.in_flight == live.in_flight, "the replayed strategy's requests differ from the live one's"
        replayed, lived = ([elite.id for elite in run.strategy.elites()] for run in (fresh, live))
        assert replayed == lived, f"the replayed strategy's elites are {replayed}, the live one's {lived}"
        live.play(schedule[cut:], width=width)

    @given(schedule=_schedules, cut=_cuts, width=_widths)
    @_quietly
    def test_with_fresh_instances_it_is_replayed_all_the_same(self, schedule: list[int], cut: int, width: int) -> None:
        """A replayed strategy that continues like the live one where training instances are made afresh."""
        config = self.config()
        if not config.takes_new_worth:
            pytest.skip("the strategy does not take part in train.resample")
        live = StrategyRun(config, every=_EPOCH).play(schedule[:cut], width=width)
        fresh = StrategyRun(config, every=_EPOCH).replay(live.log)
        assert fresh.in_flight == live.in_flight, "the replayed strategy's requests differ from the live one's"
        live.play(schedule[cut:], width=width)
        fresh.play(schedule[cut:], width=width)
        assert fresh.fingerprints() == live.fingerprints(), "after the replay the strategy goes on otherwise than the live one"

    @given(schedule=_schedules, width=_widths)
    @_quietly
    def test_with_fresh_instances_cutting_evaluations_short_changes_nothing(self, schedule: list[int], width: int) -> None:
        """Equal requests with pruned candidates, also where what is left is scored again."""
        config = self.config()
        if not config.takes_new_worth:
            pytest.skip("the strategy does not take part in train.resample")
        whole = StrategyRun(config, every=_EPOCH).play(schedule, width=width)
        raced = StrategyRun(config, raced_outcomes(varied), every=_EPOCH).play(schedule, width=width)
        assert raced.fingerprints() == whole.fingerprints(), "a pruned candidate changed what the strategy asks"

    def test_only_worth_on_fresh_instances_counts(self) -> None:
        """No elite and no member whose worth is that on earlier instances, and not too many members to score again."""
        config = self.config()
        if not config.takes_new_worth:
            pytest.skip("the strategy does not take part in train.resample")
        run = StrategyRun(config, every=self.warm_up // 2)
        bred = [request for request in run.play_in_order(6 * self.warm_up) if request.kind is not RequestKind.RESCORING]
        epochs = bred[-1].epoch
        assert epochs >= 2, f"after {6 * self.warm_up} requests there are {epochs} epochs"
        held = [*run.strategy.elites(), *run.strategy.members()]
        stale = sorted(each.id for each in held if each.evaluation.epoch != epochs)
        assert not stale, f"in epoch {epochs} candidates {stale} still have their worth on earlier instances"
        assert len(run.strategy.members()) <= _MOST_MEMBERS, "scoring so many members again costs more than breeding"

    def test_every_request_is_in_the_catalogue(self) -> None:
        """Requests that keep to the catalogue.

        Who writes prompts relies on it: operators, what they produce, how many parents they show and which texts they are given.
        """
        config = self.config()
        run = StrategyRun(config)
        run.play_in_order(6 * self.warm_up, width=4)
        for request in (event.request for event in run.log if isinstance(event, Ask)):
            card = config.catalogue.get(request.operator)
            assert card is not None, f"operator {request.operator!r} is not in the catalogue"
            assert request.kind is card.kind, f"{request.operator} is of kind {request.kind.value}, not {card.kind.value}"
            assert request.produces == card.produces, f"{request.operator} produces {request.produces!r}, not {card.produces!r}"
            least, most = card.parents
            count = len(request.parents)
            assert least <= count <= (count if most is None else most), (
                f"{request.operator} shows {count} parents, not {card.parents}"
            )
            assert set(request.context) == set(card.context), f"{request.operator} is given the texts {sorted(request.context)}"

    def test_an_immigrant_is_taken_in(self) -> None:
        """The best heuristic of another method, taken in.

        It becomes this one's best, and a failed one nothing.
        """
        run = StrategyRun(self.config())
        run.play_in_order(self.warm_up)
        before = [elite.id for elite in run.strategy.elites()]
        run.strategy.immigrate(made_up_candidate(900_001, None))
        assert [elite.id for elite in run.strategy.elites()] == before, "a failed immigrant was taken in"
        run.strategy.immigrate(made_up_candidate(900_002, 0.01))
        assert run.strategy.elites()[0].id == 900_002, "an immigrant better than all is not the best"

    def test_reading_elites_and_structure_changes_nothing(self) -> None:
        """Elites and a structure that reports may read at any time."""
        run = StrategyRun(self.config())
        run.play_in_order(3 * self.warm_up, width=4)
        before = run.state()
        run.strategy.elites()
        assert run.state() == before, "elites() changes the strategy"
        run.strategy.structure()
        assert run.state() == before, "structure() changes the strategy"

    def test_other_hash_seed_gives_the_same_run(self) -> None:
        """Equal runs with another hash seed.

        Nothing depends on the order of sets or on `hash`, so that another process can replay the log.
        """
        config = self.config()
        arguments = [f"{type(config).__module__}:{type(config).__qualname__}", config.model_dump_json()]
        seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
        digest, error = _digest_elsewhere(seed, arguments)
        assert not error, error
        assert digest == run_digest(*arguments), (
            "under another PYTHONHASHSEED the strategy asks otherwise: does it iterate a set?"
        )

    def test_configuration_survives_the_archive(self) -> None:
        """A configuration that survives JSON.

        The one that a resumed run reads back is the one it was started with.
        """
        config = self.config()
        read = type(config).model_validate_json(config.model_dump_json())
        assert read == config, f"read back, the configuration is {read}"

    def test_global_randomness_is_left_alone(self) -> None:
        """Randomness from the given generator only."""
        before = random.getstate()
        StrategyRun(self.config()).play_in_order(self.warm_up, width=3)
        assert random.getstate() == before, "the strategy draws from the module `random`; it may draw from its own `rng` only"

    def test_module_imports_no_clock_and_no_io(self) -> None:
        """No import of clock or files in the module.

        The strategy's own module imports nothing by which it could read a clock, a file or the environment.
        """
        strategy = StrategyRun(self.config()).strategy
        tree = ast.parse(inspect.getsource(sys.modules[type(strategy).__module__]))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        impure = {name.partition(".")[0] for name in imported} & (_CLOCKS | _OUTSIDE)
        assert not impure, f"the strategy's module imports {', '.join(sorted(impure))}"

    def test_work_per_request_does_not_grow_with_the_run(self) -> None:
        """Work per request that does not grow.

        Long runs replay fast: late requests cost at most three times the bytecode of early ones; a scan of all history costs more.
        """
        run = StrategyRun(self.config(), watch=False)
        run.play_in_order(self.warm_up, width=4)
        early = executed_instructions(lambda: run.play_in_order(self.warm_up, width=4))
        run.play_in_order(7 * self.warm_up, width=4)
        late = executed_instructions(lambda: run.play_in_order(self.warm_up, width=4))
        assert late <= 3 * early, f"{self.warm_up} requests cost {early} instructions early in the run and {late} late in it"


def _digest_elsewhere(hash_seed: str, arguments: list[str]) -> tuple[str, str]:
    """The digest of a run in an interpreter with this hash seed, or the traceback of what it raised there."""
    interpreter = _interpreter(hash_seed, os.pathsep.join(filter(None, sys.path)))
    assert interpreter.stdin is not None
    assert interpreter.stdout is not None
    interpreter.stdin.write(json.dumps(arguments) + "\n")
    interpreter.stdin.flush()
    digest, error = json.loads(interpreter.stdout.readline() or '["", "the interpreter with another hash seed has died"]')
    return digest, error


@cache
def _interpreter(hash_seed: str, path: str) -> "subprocess.Popen[str]":
    """Start an interpreter that makes the runs of all contracts here.

    Starting one for each costs more than all of its runs.
    """
    process = subprocess.Popen(  # noqa: S603 - our own script in our own interpreter
        [sys.executable, "-c", _DIGESTS],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)  # which ends its input, and with it the process
    return process


def executed_instructions(action: Callable[[], object]) -> int:
    """Count the bytecode instructions that an action executes.

    Those of the driver itself are left out.
    """
    count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Callable[..., Any] | None:
        nonlocal count
        if frame.f_code.co_filename == strategy_runs.__file__:
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count
