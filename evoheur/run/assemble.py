"""Assembling a run from its parts.

Reads like the picture in the README.
"""

from collections.abc import Sequence
from typing import Any

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.code.signature import signatures_of
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import Executor, LocalExecutor
from evoheur.evaluation.policy_bench import PolicyBench
from evoheur.evaluation.probe_states import probe_states
from evoheur.generation.mutator import Mutator
from evoheur.generation.tuning.filling import Filler
from evoheur.problem import Json, Problem
from evoheur.run.advice_watch import AdviceWatch
from evoheur.run.audit import Audit
from evoheur.run.audit_watch import AuditWatch
from evoheur.run.breeding_session import Breeding
from evoheur.run.config import EvaluationConfig, RunConfig
from evoheur.run.course import Course
from evoheur.run.discovery import Discovery
from evoheur.run.events import Preparing
from evoheur.run.funnel import Funnel
from evoheur.run.pipeline import Pipeline
from evoheur.run.policy_watch import PolicyWatch
from evoheur.run.problem_config import ProblemConfig
from evoheur.run.reply_work import ReplyWork
from evoheur.run.rivals import Rivals
from evoheur.run.run_parts import Parts
from evoheur.run.solution_keeping import SolutionKeeping
from evoheur.run.stored_run import check_unchanged
from evoheur.run.train_epochs import TrainEpochs
from evoheur.run.workshop import Workshop, processors_allowed

__all__ = ["assemble", "make_executor"]

_LEAST_BACKLOG = 4


def make_executor(
    problem: Problem[Any], named: ProblemConfig, evaluation: EvaluationConfig, *, seed: int, probing: int = 0
) -> Executor:
    """Make the executor of a configuration.

    Every slot gets an evaluator with a sandbox of its own, whose guest holds so many probe states.
    """
    states = probe_states(problem, probing) if probing else ()
    return evaluation.executor.build(_recipe(named, evaluation, seed=seed, states=states), problem)


def _recipe(named: ProblemConfig, evaluation: EvaluationConfig, *, seed: int, states: Sequence[Json] = ()) -> EvaluatorRecipe:
    return EvaluatorRecipe(
        problem=named.name,
        settings=named.settings,
        sandbox=evaluation.sandbox,
        limits=evaluation.limits.limits(),
        seed=seed,
        states=states,
    )


def assemble(parts: Parts, archive: Archive, run: RunRecord) -> Discovery:
    """Wire a run, new or resumed.

    Raises:
        ReplayDiverged: It cannot be continued by what is here now.
    """
    check_unchanged(parts, run)
    config = parts.config
    parts.events.emit(Preparing(step=f"compiling the kernels of {config.problem.name}"))
    parts.problem.warm_up()
    parts.events.emit(Preparing(step="scoring the textbook rules on train"))
    train = TrainEpochs(parts.rules)
    textbook_rules = parts.rules.on("train")
    states = config.novelty.probe_states if config.novelty.recognises else 0
    executor = make_executor(parts.problem, config.problem, config.evaluation, seed=config.seed, probing=states)
    pipeline = Pipeline(
        prompts=parts.prompts,
        template_folder=parts.template_folder,
        generator=parts.generator,
        workshop=_workshop(parts),
        screen=config.evaluation.screen.allowing(parts.problem.libraries),
        executor=executor,
        train=train,
        seed=config.seed,
        racing=config.evaluation.racing,
        scale_probe=config.evaluation.scale_probe,
        funnel=Funnel(config.evaluation.funnel, parts.problem.aggregate) if config.evaluation.funnel else None,
        rivals=None if config.evaluation.statistical_racing is None else Rivals(config.evaluation.statistical_racing),
        novelty=config.novelty,
        splicer=parts.splicer,
        filler=None if config.fill is None else Filler(seed=config.seed, evaluations=config.fill.evaluations),
        news=parts.make_news(AdviceWatch(archive, run.id, beside=archive.is_on_server)),
        policies=PolicyBench(config.evaluation.sandbox, config.evaluation.screen),
    )
    breeding = Breeding(
        run=run,
        archive=archive,
        pipeline=pipeline,
        make_strategy=parts.make_strategy,
        baseline_code=parts.card.code,
        textbook_rules=textbook_rules,
        classes=parts.problem.rule_classes(),
        unasked_notes=parts.unasked_notes,
        budget=config.budget,
        stop_if_useless=config.generator.stop_if_useless,
        events=parts.events,
        in_flight=config.in_flight,
        tell_order=config.tell_order,
        backlog=_backlog(config, executor.slots),
        course=_course(parts),
        has_barrier=config.strategy.has_barrier,
        also=(PolicyWatch(archive, run.id),),
    )
    audit = Audit(parts.problem, parts.rules, config)
    return Discovery(
        run=run,
        archive=archive,
        source=parts.source,
        rules=parts.rules,
        generator=parts.generator,
        breeding=breeding,
        events=parts.events,
        validated=config.validation.top,
        audit=audit,
        watch=AuditWatch(audit, archive, run, executor, events=parts.events, totals=lambda: breeding.totals),
        keeping=_keeping(parts, archive, run, executor),
        simplifying=config.simplify,
    )


def _workshop(parts: Parts) -> Workshop:
    """Make the workshop of a run, which the offline generator breeds in.

    On a single processor all of it is done in one process.
    """
    generator = parts.generator
    work = ReplyWork(
        signatures=signatures_of(parts.problem.functions()),
        marks=parts.config.generator.reasoning_marks,
        breeder=generator.breeder if isinstance(generator, Mutator) else None,
        fills=parts.config.fill is not None,
    )
    workshop = Workshop(work, after=parts.config.breeding_process if processors_allowed() > 1 else None)
    if isinstance(generator, Mutator):
        generator.breed_with(workshop.breed)
    return workshop


def _keeping(parts: Parts, archive: Archive, run: RunRecord, executor: Executor) -> SolutionKeeping:
    config = parts.config
    recipe = _recipe(config.problem, config.evaluation, seed=config.seed)
    return SolutionKeeping(
        run=run,
        archive=archive,
        rules=parts.rules,
        config=config.solutions,
        solver=executor if isinstance(executor, LocalExecutor) else None,
        spare=lambda: LocalExecutor([recipe.make(parts.problem)]),
        events=parts.events,
    )


def _course(parts: Parts) -> Course | None:
    recording, tune = parts.generator.recording, parts.config.tune
    return None if recording is None else Course(recording, tunes=tune is not None and tune.before_survival is None)


def _backlog(config: RunConfig, slots: int) -> int:
    if config.evaluation.backlog is not None:
        return config.evaluation.backlog
    sequential = config.in_flight == 1 or config.tell_order == "asked"
    return 0 if sequential else max(_LEAST_BACKLOG, 2 * slots)
