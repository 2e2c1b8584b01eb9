"""The best known lengths of our instances."""

from evoheur.problems.cvrp.generate import CustomerFamily, drawn, uniform
from evoheur.problems.cvrp.references import BEST_KNOWN
from evoheur.problems.cvrp.splits import LARGE, MANY, SAVINGS, SMALL, instances
from evoheur.problems.cvrp_ruin_recreate.textbook.best_known_lengths import best_found, module_text


def test_every_instance_has_a_length() -> None:
    """And nothing else has."""
    wanted = {
        made.name
        for families in (SMALL, MANY, SAVINGS, LARGE)
        for split in ("train", "validation", "test")
        for made in instances(families, split, None)
    }
    assert set(BEST_KNOWN) == wanted


def test_the_module_that_is_written_holds_what_was_found() -> None:
    """To the last digit, whatever it is executed by."""
    namespace: dict[str, object] = {}
    found = dict([best_found(drawn(CustomerFamily(name="tiny", draw=uniform, customers=5, capacity=20, seeds=range(1, 2)))[0])])
    exec(module_text(found), namespace)
    assert namespace["BEST_KNOWN"] == found
