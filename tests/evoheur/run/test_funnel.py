"""The funnel by itself: who goes on, what of that a replay finds again, and how stages agree."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.errors import ConfigError
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import fold
from evoheur.problem import Instance
from evoheur.run.funnel import Funnel, FunnelStage, check_stages, spearman

TRAIN = InstanceSet(
    split="train",
    instances=tuple(Instance(name=f"{family}{number}", family=family) for family in ("small", "large") for number in range(4)),
    references={},
    encoded=({},) * 8,
)
STAGES = (FunnelStage(instances=2, families=("small",)), FunnelStage(instances=4))


def evaluation(costs: Mapping[str, float], instances: InstanceSet) -> Evaluation:
    """What a heuristic of these costs is worth, by the first letter of an instance's name; NaN for a failure."""
    results: list[InstanceResult] = []
    for each in instances.instances:
        cost = costs[each.name[0]]
        status = Status.OK if cost == cost else Status.TIMEOUT  # noqa: PLR0124 - NaN is not equal to itself
        known = cost if status is Status.OK else None
        results.append(InstanceResult(instance=each.name, family=each.family, status=status, cost=known, reference=None))
        if status is not Status.OK:
            return Evaluation(status=status, objective=None, split="train", results=tuple(results), epoch=instances.epoch)
    objective = fold(results, "mean_cost")
    whole = Evaluation(status=Status.OK, objective=objective.value, split="train", results=tuple(results), epoch=instances.epoch)
    return replace(whole, objective_kind=objective.kind)


class Search:
    """Asks for one candidate after the other, tells each before the next, and counts what is scored."""

    def __init__(self, stages: Sequence[FunnelStage] = STAGES) -> None:
        self.funnel = Funnel(stages, "mean_cost")
        self.scored: list[int] = []
        self.told: list[tuple[int, Evaluation]] = []
        self._sequence = 0

    def breed(self, small: float, large: float, train: InstanceSet = TRAIN) -> Evaluation:
        """One that costs so much on instances of either family."""
        costs = {"s": small, "l": large}
        asked, self._sequence = self._sequence + 1, self._sequence + 2

        async def score(_stage: int, instances: InstanceSet) -> Evaluation:
            self.scored.append(len(instances.instances))
            return evaluation(costs, instances)

        dropped, _ = asyncio.run(self.funnel.dropped(train, asked, score))
        if dropped is None:
            self.scored.append(len(train.instances))
            dropped = evaluation(costs, train)
        self.funnel.told(train.epoch, self._sequence, dropped)
        self.told.append((self._sequence, dropped))
        return dropped


def begun() -> Search:
    """A search with ten candidates, of costs 10 to 19."""
    search = Search()
    for cost in range(10, 20):
        assert search.breed(cost, cost).status is Status.OK
    search.scored.clear()
    return search


def test_the_better_half_of_a_stage_goes_on() -> None:
    """After ten: 14 is as good as the fifth of them, 14.5 is not; what is dropped has no objective, and cost only two instances."""
    search = begun()
    out = search.breed(14.5, 0.0)
    assert (out.status, out.objective, out.objective_kind) == (Status.PRUNED, None, None)
    assert out.detail == "14.5 on 2 of 8 instances (stage 1 of the funnel), where 14 goes on"
    assert [result.instance for result in out.results] == ["small0", "small1"]
    assert search.scored == [2]
    search = begun()
    assert search.breed(14.0, 14.0).status is Status.OK
    assert search.scored == [2, 4, 8]


def test_who_is_good_on_the_first_stage_only_falls_out_at_the_second() -> None:
    """An overfitter of the small instances: the best of all there, and the worst elsewhere."""
    search = begun()
    out = search.breed(1.0, 100.0)
    assert out.status is Status.PRUNED
    assert "(stage 2 of the funnel)" in out.detail
    assert [result.instance for result in out.results] == ["small0", "small1", "large0", "large1"]
    assert search.scored == [2, 4]


def test_a_failure_is_told_as_it_is() -> None:
    """At the stage at which it fails, and with nothing scored after it."""
    search = begun()
    assert search.breed(1.0, float("nan")).status is Status.TIMEOUT
    assert search.scored == [2, 4]


def test_the_bar_rises_with_the_search() -> None:
    """It is that of the last fifty: after fifty candidates of cost 1, 2 is not good enough any more."""
    search = begun()
    for _ in range(50):
        assert search.breed(1.0, 1.0).status is Status.OK
    assert search.breed(2.0, 2.0).status is Status.PRUNED


def test_another_epoch_begins_anew() -> None:
    """Costs on other instances do not compare, so again the first ten go on."""
    search, fresh = begun(), replace(TRAIN, epoch=1)
    assert all(search.breed(100.0 + cost, 100.0, fresh).status is Status.OK for cost in range(10))
    assert search.breed(200.0, 100.0, fresh).status is Status.PRUNED


def test_only_what_was_told_before_a_request_counts() -> None:
    """Of two that are in flight together neither knows the other, whatever finishes first."""
    search = begun()
    asked = search.told[0][0]  # before nine of the ten were told

    async def score(_stage: int, instances: InstanceSet) -> Evaluation:
        return evaluation({"s": 99.0, "l": 99.0}, instances)

    dropped, _ = asyncio.run(search.funnel.dropped(TRAIN, asked, score))
    assert dropped is None


@given(costs=st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=40))
def test_a_replayed_funnel_decides_as_the_one_that_lived(costs: list[tuple[int, int]]) -> None:
    """From what was told alone: of those dropped only the results of their stages are known."""
    lived = Search()
    for small, large in costs:
        lived.breed(small, large)
    replayed = Search()
    for sequence, told in lived.told:
        replayed.funnel.told(0, sequence, told)
    assert replayed.funnel.course(TRAIN) == lived.funnel.course(TRAIN)
    replayed._sequence = lived._sequence
    for small, large in [(5, 5), (1, 30), (30, 1), (15, 15)]:
        assert replayed.breed(small, large) == lived.breed(small, large)


def test_the_course_counts_who_came_and_how_stages_agree() -> None:
    search = begun()
    search.breed(50.0, 1.0)
    search.breed(1.0, 100.0)
    first, second, whole = search.funnel.course(TRAIN)
    assert [stage.instances for stage in (first, second, whole)] == [2, 4, 8]
    assert [stage.candidates for stage in (first, second, whole)] == [12, 11, 10]
    assert first.spearman is not None
    assert first.spearman < 1.0 == second.spearman
    assert whole.spearman is None


def test_what_was_cut_short_on_all_instances_keeps_the_results_of_its_stages() -> None:
    """In the order of the instances, so that a replay can count it."""
    funnel, whole = Search().funnel, evaluation({"s": 1.0, "l": 2.0}, TRAIN)
    cut = replace(whole, status=Status.PRUNED, objective=None, objective_kind=None, results=whole.results[:3])
    with_them = funnel.with_results(TRAIN, cut, [whole.results[0], whole.results[5]])
    assert [result.instance for result in with_them.results] == ["small0", "small1", "small2", "large1"]
    assert funnel.with_results(TRAIN, whole, [whole.results[0]]) is whole


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ([{"instances": 2, "families": ("smal",)}], "stage 1 names the family 'smal'"),
        ([{"instances": 8}], "stage 1 has 8 instances and train has 8; stages must grow"),
        ([{"instances": 4}, {"instances": 3}], "stage 1 has 4 instances and stage 2 has 3"),
    ],
)
def test_stages_that_cannot_be_are_refused(stages: list[dict[str, object]], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_stages([FunnelStage.model_validate(stage) for stage in stages], TRAIN)
    assert words in str(caught.value)
    check_stages(STAGES, TRAIN)


@given(pairs=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=30))
def test_the_rank_correlation_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    ours = spearman(pairs)
    if any(len(set(side)) == 1 for side in zip(*pairs, strict=True)):
        assert ours is None
    else:
        assert ours == pytest.approx(spearmanr(pairs).statistic)


def test_too_few_say_nothing_of_a_correlation() -> None:
    assert spearman([(1.0, 1.0), (2.0, 2.0)]) is None
