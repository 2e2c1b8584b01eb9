"""The fast path packs as the protocol does, bin for bin, error for error."""

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from problems.bin_packing_online.instance import BinPackingInstance
from problems.bin_packing_online.protocol import NanRule

from .packing import both_ways
from .random_rules import rules, streams


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(code=rules(), instances=streams(), nan=st.sampled_from(["error", "highest"]))
def test_every_rule_packs_alike_on_the_chosen_path_and_bin_by_bin(
    code: str, instances: list[BinPackingInstance], nan: NanRule
) -> None:
    """Whatever the rule does, `solve` gives the same bins as the protocol, or the same error for the same item."""
    fast, plain, path = both_ways(code, instances, nan=nan)
    event(path)
    assert fast == plain, f"{path}:\n{code}"
