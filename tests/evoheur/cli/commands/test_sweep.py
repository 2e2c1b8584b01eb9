"""`sweep`: strategies times seeds in one archive, stopped in every way and gone on with."""

import random
import signal
from collections.abc import Callable
from typing import Any

import pytest

from evoheur.api.sweep_plan import make_plan
from evoheur.archive.archive import Archive
from evoheur.candidate import Candidate
from evoheur.errors import ConfigError
from evoheur.run.config import parse_config
from evoheur.strategies.random_sampling import RandomConfig
from evoheur.strategies.strategy import Strategy, StrategyConfig
from tests.evoheur.cli.support.invoking import Result, evoheur, refusal
from tests.evoheur.cli.support.processes import DATABASE, asked, start
from tests.evoheur.cli.support.scripted import KIND

Write = Callable[..., str]
BUDGET = {"evaluations": 3}
GIVEN = {"problem": "bin_packing_online", "strategy": {"kind": "random"}, "generator": {"kind": "mutator"}}


def generator(seconds: float = 0.0) -> dict[str, Any]:
    return {"kind": KIND, "script": ["four", "good", "worse"], "seconds": seconds}


def sweep(config: str, *words: str, strategies: str = "eoh,random", seeds: int = 2, controls: bool = False) -> Result:
    own = () if controls else ("--no-controls",)
    return evoheur("sweep", config, "--strategies", strategies, "--seeds", str(seeds), *own, *words)


def stored() -> dict[str, tuple[str, int]]:
    """Run → status and evaluations, in the order they were started."""
    return {run["name"]: (run["status"], run["evaluations"]) for run in evoheur("runs", "--json").document}


def test_every_strategy_runs_with_every_seed_and_all_are_compared(write_config: Write) -> None:
    """A seed of all strategies before the next seed; EoH as the file has it, the other with its defaults."""
    done = sweep(write_config(generator=generator(), budget=BUDGET))
    assert done.code == 0, done
    names = ["small-eoh-1", "small-random-1", "small-eoh-2", "small-random-2"]
    assert stored() == dict.fromkeys(names, ("finished", 3))
    lines = done.out.splitlines()
    assert [line.split()[:2] for line in lines[:4]] == [[f"[{place}/4]", name] for place, name in enumerate(names, start=1)]
    assert "finished: 3 evaluations, 3 requests, best " in lines[0]
    assert "4 runs in 2 arms" in lines[5]
    assert "At 3 evaluations" in done.out
    with Archive.open("sqlite:///runs/evoheur.db", read_only=True) as archive:
        configs = {run.name: run.config for run in archive.runs()}
        seeds = [run.seed for run in archive.runs()]
    assert configs["small-eoh-2"]["strategy"]["population_size"] == 3
    assert configs["small-random-1"]["strategy"]["kind"] == "random"
    assert seeds == [1, 1, 2, 2]


def test_control_arms_are_added_unless_told_otherwise(write_config: Write) -> None:
    """(1+1) and random sampling beside the strategy, and what is shown against (1+1) before anything else is."""
    done = sweep(write_config(generator=generator(), budget=BUDGET), strategies="eoh", seeds=1, controls=True)
    assert done.code == 0, done
    assert list(stored()) == ["small-eoh-1", "small-es-1", "small-random-1"]
    assert "At 3 model calls no method is shown to beat the plain loop, (1+1)" in " ".join(done.out.split())


def test_a_control_arm_is_added_where_none_is_and_never_twice() -> None:
    """Another evolution strategy may be called es; one that is (1+1) by its settings is the control arm, whatever it is called."""
    base = parse_config({**GIVEN, "strategy": {"kind": "es", "parents": 3}}, where="here")

    def planned(strategies: str) -> list[str]:
        return [run.strategy for run in make_plan(base, strategies, 1, name="s", controls=True).runs]

    assert planned("es,random") == ["es", "random", "plain-es"]
    assert planned("eoh") == ["eoh", "es", "random"]
    plain = parse_config({**GIVEN, "strategy": {"kind": "es", "show_baseline_body": True}}, where="here")
    assert [run.strategy for run in make_plan(plain, "es", 1, name="s", controls=True).runs] == ["es", "random"]


def test_the_same_command_again_skips_and_takes_more(write_config: Write) -> None:
    config = write_config(generator=generator(), budget=BUDGET)
    assert sweep(config, "--name", "s", strategies="eoh", seeds=1).code == 0
    again = sweep(config, "--name", "s", "--json")
    assert again.code == 0, again
    assert "[1/4] s-eoh-1 was finished: 3 evaluations" in again.err
    assert again.document["sweep"] == "s"
    assert [run["run"] for run in again.document["runs"]] == ["s-eoh-1", "s-eoh-2", "s-random-1", "s-random-2"]
    larger = sweep(config, "--name", "s", "--set", "budget.evaluations=4", "--json", strategies="eoh", seeds=1)
    assert larger.document["cuts"]["evaluations"]["budget"] == 4
    assert stored()["s-eoh-1"] == ("finished", 4)


def test_a_strategy_may_come_from_another_file(write_config: Write) -> None:
    small = write_config("large.yaml", strategy={"kind": "eoh", "population_size": 7, "parents": 2})
    config = write_config(generator=generator(), budget={"evaluations": 1})
    done = sweep(config, "--json", strategies=f"eoh,seven={small}", seeds=1)
    assert done.code == 0, done
    assert [arm["arm"] for arm in done.document["arms"]] == ["eoh population_size=3", "eoh population_size=7"]
    assert list(stored()) == ["small-eoh-1", "small-seven-1"]


@pytest.mark.parametrize(
    ("strategies", "part"),
    [
        ("eho", "'eoh'"),
        ("eoh,", "must look like"),
        ("eoh,mine=", "must look like"),
        ("eoh,eoh", "two called 'eoh'"),
        ("mine=nothing.yaml", "'nothing.yaml'"),
    ],
)
def test_a_wrong_strategy_is_refused_before_anything_is_written(write_config: Write, strategies: str, part: str) -> None:
    config = write_config(generator=generator())
    assert part in refusal("sweep", config, "--strategies", strategies)
    assert not DATABASE.exists()


class PlugInConfig(StrategyConfig):
    """As a user's own would be named."""

    size: int = 2

    def build(self, baseline: Candidate, rng: random.Random) -> Strategy:
        return RandomConfig().build(baseline, rng)


def test_a_plug_in_is_called_by_its_class_and_names_must_be_good() -> None:
    base = parse_config(GIVEN, where="here")
    plan = make_plan(base, f"{__name__}:PlugInConfig,eoh", 1, name="s")
    assert [(run.name, run.strategy) for run in plan.runs] == [("s-PlugInConfig-1", "PlugInConfig"), ("s-eoh-1", "eoh")]
    assert plan.runs[0].config.strategy == PlugInConfig(kind=f"{__name__}:PlugInConfig")
    with pytest.raises(ConfigError, match="name is 'a b-random-1'"):
        make_plan(base, "random", 1, name="a b")


def test_other_settings_under_the_same_name_are_refused(write_config: Write) -> None:
    config = write_config(generator=generator(), budget={"evaluations": 1})
    assert sweep(config, strategies="eoh", seeds=1).code == 0
    message = refusal(
        "sweep", config, "--strategies", "eoh", "--no-controls", "--seeds", "2", "--set", "strategy.population_size=5"
    )
    assert "'small-eoh-1' already, with strategy.population_size=3 where this sweep has 5" in message
    assert list(stored()) == ["small-eoh-1"]


def test_a_run_that_fails_ends_the_sweep_and_says_how_to_go_on(write_config: Write) -> None:
    refusing = {"kind": KIND, "script": ["good", "refuse"]}
    failed = sweep(write_config(generator=refusing, budget=BUDGET), "--name", "s")
    assert failed.code == 1
    assert "HTTP 401" in failed.err
    assert "`evoheur sweep small.yaml --strategies eoh,random --seeds 2 --name s --no-controls`" in failed.err
    assert stored() == {"s-eoh-1": ("failed", 1)}


@pytest.mark.nightly  # by day a sweep goes on after a run that failed, and runs go on after real kills
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_sweep_that_was_stopped_goes_on(write_config: Write, number: signal.Signals) -> None:
    """In the middle of the second run; the first is not touched again, and no reply of the second is asked for twice."""
    config = write_config(generator=generator(1.0), budget={"evaluations": 4})  # of which two are left to be stopped at
    process = start("sweep", config, "--strategies", "eoh,random", "--seeds", "1", "--no-controls")
    asked(6)
    process.send_signal(number)
    out, err = process.communicate(timeout=240)
    assert "[1/2] small-eoh-1 finished" in out
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "Go on with `evoheur sweep small.yaml --strategies eoh,random --seeds 1 --name small --no-controls`" in err
    assert stored()["small-random-1"][0] == ("interrupted" if number == signal.SIGINT else "unfinished")
    done = sweep(config, seeds=1)
    assert done.code == 0, done
    assert stored() == {"small-eoh-1": ("finished", 4), "small-random-1": ("finished", 4)}
    assert [run["calls"] for run in evoheur("runs", "--json").document] == [4, 4]
