"""Where every search starts."""

from evoheur.problems.cvrp.textbook_rules import clarke_wright
from evoheur.problems.cvrp_ruin_recreate.problem import RuinRecreateCVRP
from evoheur.problems.cvrp_ruin_recreate.start import listed_routes, savings_state


def test_every_search_starts_from_clarke_and_wright() -> None:
    """The same routes as the textbook rule, in whatever order and direction."""
    for made in RuinRecreateCVRP().instances("train"):
        ours = {min(tuple(route), tuple(route[::-1])) for route in listed_routes(savings_state(made))}
        assert ours == {min(tuple(route), tuple(route[::-1])) for route in clarke_wright(made)}
