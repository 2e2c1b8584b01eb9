"""The control arm."""

from evoheur.strategies.random_sampling import RandomConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun


class TestRandomContract(StrategyContract):
    def config(self) -> RandomConfig:
        """Few elites, so that they change often."""
        return RandomConfig(keep=3)


def test_every_request_is_the_initial_prompt() -> None:
    """No parents, no other operator, whatever was told before."""
    requests = StrategyRun(RandomConfig()).play_in_order(200, width=3)
    assert {(request.operator, request.parents) for request in requests} == {("i1", ())}


def test_elites_are_the_best_seen() -> None:
    """Against the plain definition: the smallest distinct objectives of all candidates that were told."""
    run = StrategyRun(RandomConfig(keep=4))
    run.play_in_order(150)
    told = {event.outcome.objective for event in run.log if hasattr(event, "outcome") and hasattr(event.outcome, "objective")}
    assert [elite.objective for elite in run.strategy.elites()] == sorted(value for value in told if value is not None)[:4]


def test_setting_decides_what_the_prompt_shows() -> None:
    """The setting reaches the prompt through the request's context."""
    shown = StrategyRun(RandomConfig(show_baseline_body=True)).play_in_order(1)[0]
    hidden = StrategyRun(RandomConfig()).play_in_order(1)[0]
    assert (shown.context["baseline"], hidden.context["baseline"]) == ("body", "header")
