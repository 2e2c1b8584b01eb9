"""Probe states: arguments that a problem's frame comes to, on which heuristics are compared before they are scored.

Trusted code draws them once: it solves fresh instances of the problem's families with the problem's own heuristic and takes down what that
is called with. Guests get them when they start. Two heuristics that answer alike in all of them decide alike in most runs, not in all.
"""

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evoheur.errors import ConfigError
from evoheur.evaluation.number_lists import packed
from evoheur.online import OnlineProblem
from evoheur.problem import Heuristic, Instance, Json, Problem, instance_rng, to_json

__all__ = ["probe_states"]

_SEED = 1_779_033_703  # of the fresh instances; no run trains on them
_OF_FAMILY, _MOST_INSTANCES = 2, 32
_MOST_CALLS = 3000  # of an instance, after which it is left unsolved
_SPARE = 8  # so many times the states that are kept are taken down, evenly over the instance
_MOST_BYTES = 1024 * 1024  # of arguments in all


class _Seen(Exception):
    """Enough was taken down of an instance; never leaves this module."""


@dataclass
class _Call:
    """One call of a function, with copies of its arguments."""

    function: str
    arguments: tuple[Any, ...]

    @property
    def entries(self) -> int:
        """Numbers in its longest argument: the more there are, the more there is to choose from."""
        return max((int(np.size(argument)) for argument in self.arguments), default=0)

    @property
    def bytes(self) -> int:
        """Size of its arguments."""
        return 8 * sum(int(np.size(argument)) for argument in self.arguments)


@dataclass
class _Recorder:
    """Takes down calls of a function, evenly over all of them, so many that there is a choice."""

    function: Callable[..., Any]
    most: int
    calls: list[_Call] = field(default_factory=list)
    _stride: int = 1
    _seen: int = 0

    def call(self, *arguments: Any) -> Any:
        """Call the function."""
        if self._seen >= _MOST_CALLS:
            raise _Seen
        if self._seen % self._stride == 0:
            self.calls.append(_Call(self.function.__name__, tuple(map(_copied, arguments))))
            if len(self.calls) > self.most:
                del self.calls[1::2]
                self._stride *= 2
        self._seen += 1
        return self.function(*arguments)

    def chosen(self, count: int) -> list[_Call]:
        """So many calls, in order.

        Three quarters are those with the most to choose from, the rest lie evenly between. Much to choose from tells heuristics apart best,
        but some differ only where little is left.
        """
        ranked = sorted(range(len(self.calls)), key=lambda place: (-self.calls[place].entries, place))
        places = set(ranked[: -(-3 * count // 4)])
        rest = [place for place in range(len(self.calls)) if place not in places]
        wanted = min(count - len(places), len(rest))
        places.update(rest[len(rest) * part // wanted] for part in range(wanted))
        return [self.calls[place] for place in sorted(places)]


def probe_states(problem: Problem[Any], count: int) -> list[Json]:
    """Draw states, equal in every process.

    Args:
        problem: Makes fresh training instances; where it cannot and is not online, those of its split train serve, which candidates see
            anyway.
        count: About how many, of all families and functions; fewer where arguments are large.

    Returns:
        A list of {"function": name, "arguments": […]}, packed as JSON.

    Raises:
        ConfigError: There are none, since the problem makes no fresh instances or its frame does not call the functions.
    """
    instances = _few_of_families(problem)
    functions = problem.functions()
    each = -(-count // (len(instances) * len(functions)))
    calls = [call for instance in instances for call in _recorded(problem, instance, functions, each)]
    kept, size = [], 0
    for call in sorted(calls, key=lambda call: call.bytes):
        size += call.bytes
        if size <= _MOST_BYTES:
            kept.append(call)
    if not kept:
        raise ConfigError(
            f"{type(problem).__name__} has no probe states: no call of its functions on fresh instances could be taken down. Set "
            "novelty.probe_states to 0."
        )
    return [{"function": call.function, "arguments": [_sent(argument) for argument in call.arguments]} for call in kept]


def _few_of_families(problem: Problem[Any]) -> list[Instance]:
    drawn = problem.resampled(_SEED)
    if drawn is None:
        if isinstance(problem, OnlineProblem):  # a guest must not hold what will arrive
            raise ConfigError(
                f"{type(problem).__name__} makes no fresh training instances, from which probe states could be drawn; override "
                "resampled(seed) in the problem, or set novelty.probe_states to 0."
            )
        drawn = problem.instances("train")
    seen: Counter[str] = Counter()
    few = []
    for instance in drawn:
        seen[instance.family] += 1
        if seen[instance.family] <= _OF_FAMILY:
            few.append(instance)
    return few[:_MOST_INSTANCES]


def _recorded(problem: Problem[Any], instance: Instance, functions: Sequence[Callable[..., Any]], count: int) -> list[_Call]:
    recorders = [_Recorder(function, _SPARE * count) for function in functions]
    called = {recorder.function.__name__: _as_function(recorder) for recorder in recorders}
    heuristic = Heuristic(code="", functions=called)  # without a source, so that no frame computes it in another way
    with suppress(_Seen):
        problem.solve(heuristic, problem.decode(problem.encode(instance)), instance_rng(_SEED, instance.name))
    return [call for recorder in recorders for call in recorder.chosen(count)]


def _as_function(recorder: _Recorder) -> Callable[..., Any]:
    @functools.wraps(recorder.function)
    def called(*arguments: Any) -> Any:
        return recorder.call(*arguments)

    return called


def _sent(argument: Any) -> Json:
    return packed(argument) if isinstance(argument, np.ndarray) else to_json(argument)


def _copied(argument: Any) -> Any:
    return argument.copy() if isinstance(argument, np.ndarray) else argument
