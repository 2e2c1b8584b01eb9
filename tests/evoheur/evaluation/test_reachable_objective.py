"""The smallest objective that can still be reached, kept up instance by instance, is that of going through all of them."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.candidate import InstanceResult, Status, TextbookGap
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import best_case
from evoheur.evaluation.reachable_objective import ReachableObjective
from evoheur.problem import Aggregate, Instance

costs = st.lists(st.tuples(st.floats(1, 100), st.floats(1, 3), st.sampled_from("abc")), min_size=2, max_size=9)
"""Reference, cost in units of it, family."""


@pytest.mark.parametrize("aggregate", ["mean_of_gaps", "ratio_of_sums", "mean_cost"])
@given(drawn=costs, relative=st.booleans(), missing=st.booleans())
def test_it_is_the_best_case_to_the_last_bit(
    drawn: list[tuple[float, float, str]], aggregate: Aggregate, relative: bool, missing: bool
) -> None:
    """Whatever is measured by, with families in any order, and where a reference of 0 leaves an instance without a gap."""
    relative = relative and aggregate != "mean_cost" and not missing
    references = [0.0 if missing and place == 1 else reference for place, (reference, _, _) in enumerate(drawn)]
    results = [
        InstanceResult(instance=str(place), family=family, status=Status.OK, cost=reference * times, reference=references[place])
        for place, (reference, times, family) in enumerate(drawn)
    ]
    textbook: Mapping[str, TextbookGap] = {family: TextbookGap(rule="rule", gap=ord(family) - 97.0) for family in "abc"}
    instances = InstanceSet(
        split="train",
        instances=tuple(Instance(name=each.instance, family=each.family) for each in results),
        references={each.instance: each.reference for each in results},
        encoded=(),
        bounded=True,
        textbook=textbook if relative else None,
    )
    reachable = ReachableObjective(instances, aggregate)
    for known, result in enumerate(results, start=1):
        reachable.add(result)
        assert reachable.value() == best_case(results[:known], instances, aggregate)
