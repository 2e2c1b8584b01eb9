"""Checks of problems whose training instances can be made afresh."""

import json
from collections.abc import Callable

from evoheur.testing.examined_problem import Subject, demand

__all__ = ["RESAMPLING_CHECKS"]


def _fresh_training_instances_are_of_the_same_families(subject: Subject) -> None:
    """Instances of `resampled`, where there are any: equal for equal seeds, others for others, of the families of train."""
    problem = subject.problem()
    first, again, other = problem.resampled(1), subject.problem().resampled(1), problem.resampled(2)
    if first is None:
        return
    demand(again is not None and other is not None, "resampled() makes instances for one seed and none for another")
    told, told_again, told_other = (
        [json.dumps(problem.encode(instance), sort_keys=True) for instance in made or ()] for made in (first, again, other)
    )
    demand(told == told_again, "resampled(1) makes other instances on another call; draw from the seed alone")
    demand(not set(told) & set(told_other), "resampled(1) and resampled(2) have an instance in common; draw from the seed")
    train = problem.instances("train")
    own = {json.dumps(problem.encode(instance), sort_keys=True) for instance in train}
    demand(not own & set(told), "resampled(1) has an instance of train again; draw from the seed")
    families = [instance.family for instance in train], [instance.family for instance in first]
    demand(families[0] == families[1], f"resampled(1) has the families {families[1]}, and train {families[0]}, in this order")
    demand(len({instance.name for instance in first}) == len(first), "resampled(1) has two instances of one name")


def _varied_instances_follow_from_their_parameters(subject: Subject) -> None:
    """Instances of `varied`, where there are any: equal for equal arguments, others for another seed, named after their family."""
    problem = subject.problem()
    bounds = problem.variations()
    for place in range(2) if bounds else ():
        parameters = {name: bound[place] for name, bound in bounds.items()}
        first, again, other = (
            made.varied(parameters, family="varied", seed=seed, count=2)
            for made, seed in ((problem, 1), (subject.problem(), 1), (problem, 2))
        )
        demand(
            first is not None and again is not None and other is not None,
            f"variations() declares {', '.join(bounds)}, and varied() makes no instance with {parameters}",
        )
        told, told_again, told_other = (
            [json.dumps(problem.encode(instance), sort_keys=True) for instance in made or ()] for made in (first, again, other)
        )
        demand(told == told_again, "varied() makes other instances on another call with the same seed; draw from the seed alone")
        demand(not set(told) & set(told_other), "varied() makes an instance again with another seed; draw from the seed")
        demand(len(told) == len(set(told)) == 2, f"varied(count=2) makes {len(set(told))} different instances")
        names = [(instance.name.startswith("varied"), instance.family) for instance in first or ()]
        demand(names == [(True, "varied")] * 2, "varied() must give its instances the family it is told, and names that begin so")


RESAMPLING_CHECKS: tuple[Callable[[Subject], None], ...] = (
    _fresh_training_instances_are_of_the_same_families,
    _varied_instances_follow_from_their_parameters,
)
