"""`evoheur run --dry-run`: everything a run would need, tried once, with nothing written and no model called."""

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.cli.output import make_console, say, working
from evoheur.cli.scoring import score
from evoheur.errors import ExecutorError, StrategyStuck
from evoheur.evaluation.baselines import score_baselines
from evoheur.observers.figures import Scale, count
from evoheur.run.assemble import Parts

__all__ = ["rehearse"]


def rehearse(parts: Parts) -> None:
    """Evaluate the problem's own heuristic in the sandbox, and print what came of it and the first prompt.

    Raises:
        ExecutorError: The heuristic fails, so that no run could start.
        StrategyStuck: The strategy asks for nothing.
    """
    config = parts.config
    with working("Evaluating the problem's own heuristic"):
        train = parts.source.split("train")
        own = score(parts.problem, config.problem, config.evaluation, parts.card.code, train, seed=config.seed)
        rules = score_baselines(parts.problem, train)
    if own.status is not Status.OK:
        raise ExecutorError(
            f"The problem's own heuristic ends with {own.status.value!r} ({own.detail}), so no run could start; mend the problem."
        )
    console = make_console()
    scale = Scale.of([own])
    say(console, "Dry run: nothing is written and no model is called.", "bold")
    parts_named = f"{config.problem.name}, {config.strategy.kind}, {config.generator.kind}"
    say(console, f"{parts_named}; candidates would run at isolation level {own.level!r}")
    say(
        console, f"The problem's own heuristic: {scale.text(own.objective)} on {count(len(train.instances), 'training instance')}"
    )
    say(console, f"Textbook rules: {_listed(rules, scale)}")
    request = parts.make_strategy(_baseline(parts, own)).ask()
    if request is None:
        raise StrategyStuck(f"Strategy {config.strategy.kind!r} asks for nothing at the start.")
    for message in parts.prompts.render(parts.template_folder, request):
        say(console)
        say(console, f"First prompt, operator {request.operator!r}, {message.role}:", "bold")
        say(console, message.content)


def _listed(rules: dict[str, Evaluation], scale: Scale) -> str:
    return ", ".join(f"{name} {scale.text(evaluation.objective)}" for name, evaluation in rules.items()) or "none"


def _baseline(parts: Parts, evaluation: Evaluation) -> Candidate:
    return Candidate(
        id=0,
        code=parts.card.code,
        thought="The problem's own heuristic.",
        operator="baseline",
        parents=(),
        evaluation=evaluation,
    )
