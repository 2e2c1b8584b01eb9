"""Making solutions to be drawn: kept ones are taken, others are made in the sandbox and kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from evoheur.api.contender import RULE_PREFIX, Contender, find_contender
from evoheur.api.drawn_solutions import DrawnSolution, RunProblem, draw_kept, draw_textbook, drawn_result
from evoheur.api.sandboxed_solving import solve_each
from evoheur.archive.archive import Archive
from evoheur.candidate import Status
from evoheur.errors import ArchiveError, ConfigError
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Split

__all__ = ["SolutionWish", "draw_solutions"]

_BEST_RULE = "textbook"


def _unheard(_words: str) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionWish:
    """What is to be drawn.

    Attributes:
        target: A heuristic or a textbook rule, in the words of the command line, such as "quickstart-1/17".
        beside: Another one to be drawn at its right, or "textbook" for the best rule; None for nothing.
        instance: Name of the instance; None for the first that the target has a kept solution of, else the first of the split.
        split: Of the instance.
        problem: Name or folder, where the target does not tell.
        run: Run of a bare number.
    """

    target: str
    beside: str | None = None
    instance: str | None = None
    split: Split = "validation"
    problem: str | None = None
    run: str | None = None


def draw_solutions(wish: SolutionWish, *, archive: str, saying: Callable[[str], None] = _unheard) -> list[DrawnSolution]:
    """Draw solutions of one instance by one heuristic or two.

    What an archive has is drawn as it is; what it has not is solved in the sandbox, and kept if it costs what the archive says.

    Args:
        wish: What of.
        archive: Address of the archive.
        saying: Hears what is solved.

    Returns:
        One drawing, or two with `beside`.

    Raises:
        ConfigError: There is no such heuristic, rule or instance, the two are of different problems, or one does not solve the instance.
        ArchiveError: There is no such run or candidate.
        ExecutorError: The guest that runs heuristics cannot be started.
    """
    first = find_contender(wish.target, problem=wish.problem, settings={}, archive=archive, run=wish.run)
    found = RunProblem(problem=first.problem, named=first.named, memory_mib=first.evaluation.limits.memory_mib)
    instance = wish.instance or _first_instance(first, found, archive, wish.split)
    one = found.instance(wish.split, instance)
    contenders = [first]
    if wish.beside is not None:
        words = wish.beside if wish.beside != _BEST_RULE else RULE_PREFIX + _best_rule(first, found, one, archive, saying)
        contenders.append(_of_same_problem(words, first, wish, archive))
    return [_drawn(each, found, one, archive=archive, saying=saying) for each in contenders]


def _of_same_problem(words: str, first: Contender, wish: SolutionWish, archive: str) -> Contender:
    needs_problem = words.startswith(RULE_PREFIX) or words.endswith(".py")
    problem = first.named.name if needs_problem else None
    settings = first.named.settings if needs_problem else {}
    second = find_contender(words, problem=problem, settings=settings, archive=archive, run=wish.run)
    if second.named.name != first.named.name:
        raise ConfigError(
            f"{second.name} is of the problem {second.named.name!r}, and {first.name} of {first.named.name!r}; draw two of one problem."
        )
    return second


def _first_instance(first: Contender, found: RunProblem, archive: str, split: Split) -> str:
    if first.record is not None:
        with Archive.open(archive, read_only=True) as opened:
            kept = opened.solutions(first.record.run, first.record.candidate.id).get(split, {})
        if kept:
            return next(iter(kept))
    return found.instances(split).instances[0].name


def _best_rule(first: Contender, found: RunProblem, one: InstanceSet, archive: str, saying: Callable[[str], None]) -> str:
    """The best rule of the instance's family as the run stored it, else the best on the instance."""
    [instance] = one.instances
    if first.run is not None:
        with Archive.open(archive, read_only=True) as opened:
            stored = opened.textbook_gaps(first.run.name).get(one.split, {})
        if instance.family in stored:
            return stored[instance.family].rule
    rules = list(found.problem.textbook_rules())
    if not rules:
        raise ConfigError(f"{found.named.name} has no textbook rules; name something else with --beside.")
    costs: dict[str, float] = {}
    for rule in rules:
        saying(f"{RULE_PREFIX}{rule}")
        cost = draw_textbook(found, rule, cast("Split", one.split), instance.name).result.cost
        if cost is not None:
            costs[rule] = cost
    return min(costs or rules, key=lambda rule: costs.get(rule, 0.0))


def _drawn(
    contender: Contender, found: RunProblem, one: InstanceSet, *, archive: str, saying: Callable[[str], None]
) -> DrawnSolution:
    [instance] = one.instances
    split = cast("Split", one.split)
    if contender.rule is not None:
        saying(contender.name)
        return draw_textbook(found, contender.rule, split, instance.name)
    if contender.record is not None and contender.named == found.named:  # of the same instances
        with Archive.open(archive, read_only=True) as opened:
            kept = draw_kept(opened, contender.record, split, instance.name)
        if kept is not None:
            return kept
    [solved] = solve_each(contender, one, lambda _name: saying(contender.name))
    if solved.result.status is not Status.OK:
        raise ConfigError(
            f"{contender.name} does not solve {instance.name!r}: {solved.result.status.value}, {solved.result.detail}. Choose another "
            "instance or heuristic."
        )
    drawn = drawn_result(
        found.problem, instance, solved.solution, name=contender.name, result=solved.result, record=contender.record
    )
    if contender.record is not None and contender.run is not None and not drawn.remark:
        return replace(drawn, remark=_keep(contender, one, solved.solution, archive))
    return drawn


def _keep(contender: Contender, one: InstanceSet, solution: object, archive: str) -> str:
    """Keep a solution in the archive; why it is not kept, or ""."""
    assert contender.record is not None, "the caller has seen it"
    assert contender.run is not None, "the caller has seen it"
    try:
        with Archive.open(archive) as opened:
            number = contender.record.candidate.id
            opened.keep_solutions(contender.run.id, number, one.split, {one.instances[0].name: solution})
    except ArchiveError as error:  # such as one that may only be read: the drawing is what was asked for
        return f"This solution is not kept: {error}"
    return ""
