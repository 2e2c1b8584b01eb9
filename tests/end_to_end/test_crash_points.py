"""A writer that dies at any transaction, for every strategy: the resumed run ends as if it had never died.

The deaths are in-process, which makes hundreds of them cheap; `test_kill_and_resume` and `test_kill_every_method` have real kills.
"""

import contextlib
import gc
import itertools
import logging
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur import discover, resume
from evoheur.api.result import Result
from evoheur.strategies.strategy import BUILTIN_STRATEGIES
from tests.end_to_end.support.dying_writer import DeathPlan, Side, WriteKind, WriterDied, watched_writes
from tests.end_to_end.support.method_settings import FUNNELLED, METHOD_SETTINGS, RESAMPLED, method_configuration
from tests.end_to_end.support.remembering_executor import stop_guests
from tests.end_to_end.support.runs import query_early, rows
from tests.support.example_budget import very_dear

EVALUATIONS = 24
BY_DAY = {"eoh", "lhns"}
"""Methods that die at every kind of transaction by day: generations, a simplified best. All of them die somewhere, below."""

RESUMED: WriteKind = ("UPDATE run config",)
"""What only a resumed run writes."""

_DICTIONARY = "INSERT prompt_dictionary"
_OF_REQUESTS = {"INSERT request", "INSERT completion", "UPDATE request told_seq"}


class Whole(NamedTuple):
    """A run that nobody disturbs: what it writes, and what is in its archive in the end."""

    config: dict[str, Any]
    kinds: list[WriteKind]
    rows: dict[str, list[dict[str, Any]]]


class Wholes:
    """One undisturbed run of each method, made when it is first asked for."""

    def __init__(self, folder: Path, problem: str) -> None:
        self._folder, self._problem = folder, problem
        self._made: dict[str, Whole] = {}

    def __getitem__(self, method: str) -> Whole:
        if method not in self._made:
            executor = {"kind": "tests.end_to_end.support.remembering_executor:RememberingConfig"}
            evaluation = {"executor": executor, "limits": {"memory_mib": 256}}
            config = method_configuration(
                method, self._problem, evaluations=EVALUATIONS, evaluation=evaluation, validation={"top": 2}
            )
            folder = self._folder / method
            folder.mkdir()
            with watched_writes(forever) as kinds:
                result = begin_or_resume(config, folder)
            assert result.status == "finished", result.reason
            self._made[method] = Whole(config, kinds, rows(folder / "a.db"))
        return self._made[method]


@pytest.fixture(autouse=True)
def unheard_tasks() -> Iterator[None]:
    """Let nobody hear of the tasks that a death leaves, whose errors nobody asked for.

    Python would tell of them whenever it collects them, with a traceback; to write one in the middle of a parse is more than 3.11 can
    stand. So garbage is collected between sessions only, and that of earlier tests, of which a failed one leaves much, before them.
    """
    log = logging.getLogger("asyncio")
    level = log.level
    log.setLevel(logging.CRITICAL)
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    gc.collect()
    log.setLevel(level)


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory, scheduling: str) -> Iterator[Wholes]:
    yield Wholes(tmp_path_factory.mktemp("wholes"), scheduling)
    stop_guests(scheduling)


def begin_or_resume(config: dict[str, Any], folder: Path) -> Result:
    """One session, as a user starts it who looks what there is."""
    begun = bool(query_early(folder / "a.db", "SELECT name FROM run"))
    with contextlib.chdir(folder):  # the archive's address is part of what is stored, and the same for all
        return resume("r", archive=Path("a.db")) if begun else discover(config, archive=Path("a.db"))


def dies(config: dict[str, Any], folder: Path, plan: DeathPlan) -> bool:
    """Whether a session's writer dies; one that doesn't has finished the run."""
    with watched_writes(plan):
        try:
            result = begin_or_resume(config, folder)
        except WriterDied:
            return True
        finally:
            gc.collect(0)  # all that came into being since the last time
    assert result.status == "finished", result.reason
    return False


def forever(_kind: WriteKind) -> Side | None:
    """The plan for one that never dies."""
    return None


def after(number: int, side: Side) -> DeathPlan:
    """The plan for one that dies at its transaction of this number."""
    left = itertools.chain(itertools.repeat(None, number - 1), [side])
    return lambda _kind: next(left, None)


class OnceAtEveryKind:
    """Dies twice at every kind of transaction, each time at one of its kind drawn from all there are: losing it, and keeping it."""

    def __init__(self, kinds: Counter[WriteKind], rng: random.Random) -> None:
        self.deaths = {(kind, side): rng.randint(1, count) for kind, count in kinds.items() for side in Side}
        self._kept: Counter[WriteKind] = Counter()

    def __call__(self, kind: WriteKind) -> Side | None:
        number = self._kept[kind] + 1
        planned = [side for side in Side if self.deaths.get((kind, side)) == number]
        if planned:
            del self.deaths[kind, planned[0]]
        if planned[:1] != [Side.LOST]:
            self._kept[kind] += 1
        return planned[0] if planned else None


@pytest.mark.slow
@pytest.mark.parametrize(
    "method",
    [
        pytest.param(method, marks=() if method in BY_DAY else pytest.mark.nightly)
        for method in (*METHOD_SETTINGS, *RESAMPLED, *FUNNELLED)
    ],
)
def test_a_run_that_died_at_every_kind_of_transaction_equals_one_that_never_died(
    wholes: Wholes, tmp_path: Path, method: str
) -> None:
    """All tables are equal row by row: requests and their order, notes, candidates, evaluations.

    What is written once a run, whatever the method is, is a death of one method only.
    """
    whole = wholes[method]
    kinds = Counter(whole.kinds) + Counter({RESUMED: 2})
    if method != "eoh":
        kinds = Counter({kind: count for kind, count in kinds.items() if _OF_REQUESTS.intersection(kind)})
    plan = OnceAtEveryKind(kinds, random.Random(method))
    deaths = len(plan.deaths)
    sessions = 1
    while dies(whole.config, tmp_path, plan):
        sessions += 1
    # When a dictionary is begun depends on where sessions begin, so that not every method comes to it twice; those by day do.
    left = {kind for kind, _ in plan.deaths if method in BY_DAY or _DICTIONARY not in kind}
    assert not left
    assert sessions == deaths - len(plan.deaths) + 1
    assert rows(tmp_path / "a.db") == whole.rows
    if "simplify" in whole.config:
        assert [row for row in whole.rows["candidate"] if row["operator"] == "simplify"], (
            "nothing was simplified that could be lost"
        )
    if method in RESAMPLED:
        assert max(row["epoch"] for row in whole.rows["evaluation"]) >= 1, "the run had no fresh instances to lose"
    if method in FUNNELLED:
        assert [row for row in whole.rows["evaluation"] if "of the funnel" in row["detail"]], "the funnel dropped nothing"


@very_dear()
@given(
    method=st.sampled_from([*METHOD_SETTINGS, *RESAMPLED, *FUNNELLED]),
    deaths=st.lists(st.tuples(st.integers(1, 90), st.sampled_from(Side)), min_size=1, max_size=4),
)
def test_a_run_that_died_anywhere_equals_one_that_never_died(
    wholes: Wholes, tmp_path_factory: pytest.TempPathFactory, method: str, deaths: list[tuple[int, Side]]
) -> None:
    """Each session is given so many transactions; the last one as many as it wants."""
    whole, folder = wholes[method], tmp_path_factory.mktemp("died")
    for number, side in deaths:
        if not dies(whole.config, folder, after(number, side)):
            break
    assert not dies(whole.config, folder, forever)
    assert rows(folder / "a.db") == whole.rows


def test_every_strategy_that_ships_is_among_those_that_die() -> None:
    assert set(METHOD_SETTINGS) == set(BUILTIN_STRATEGIES)
