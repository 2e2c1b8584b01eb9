"""Export of a candidate as one Python file.

The file says where the candidate comes from and what it is worth.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from evoheur.api.contender import scoring_config
from evoheur.api.gallery_entries import GalleryEntry
from evoheur.api.scoring import check_heuristic
from evoheur.api.standalone_solver import StandaloneSolver, standalone_solver
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.candidate import Evaluation
from evoheur.code.program import read_program
from evoheur.code.signature import FunctionSignature, signatures_of
from evoheur.documents.evaluation_document import gap_of
from evoheur.observers.number_text import Scale, breeding, one_line
from evoheur.problem import SPLITS, Problem
from evoheur.problem_loading import load_problem
from evoheur.run.instance_source import InstanceSource
from evoheur.run.problem_config import ProblemConfig
from evoheur.run.textbook_evaluations import TextbookEvaluations
from evoheur.version import __version__

__all__ = ["gallery_module", "module_source", "standalone_module"]


def standalone_module(record: CandidateRecord, run: RunRecord, *, bare: bool = False) -> str:
    """Write a candidate as the source of a module.

    Its docstring has the origin, the scores beside the textbook rules', and how to use it. Below the heuristic is what solves instances
    with it, as a program and as a function.

    Args:
        record: The candidate.
        run: Its run.
        bare: Leave that out.

    Raises:
        ConfigError: The run's problem is not there any more, or the stored code is damaged.
    """
    config = scoring_config(run)
    named = config.problem
    problem = load_problem(named.name, named.settings)
    check_heuristic(record.candidate.code, problem, record.id, named.name)
    source = InstanceSource.of(problem, named, memory_mib=config.evaluation.limits.memory_mib)
    scored = TextbookEvaluations(source, config.train, seed=config.seed)
    rules: dict[str, Mapping[str, Evaluation]] = {}
    for split in SPLITS:
        if split in record.evaluations:
            found = scored.on(split, record.evaluations[split].epoch)
            rules[split] = {name: found[name] for name in problem.rule_classes().alike(found)}
    code = record.candidate.code
    solver = None if bare else standalone_solver(code, problem, named, seed=config.seed)
    text = module_source(code, _docstring(record, run, named, problem, rules, solver=solver))
    return text if solver is None else f"{text}\n\n{solver.source}"


def gallery_module(entry: GalleryEntry, *, bare: bool = False) -> str:
    """Write a heuristic of the gallery as the source of a module.

    Args:
        entry: Of the gallery.
        bare: Leave out what solves instances.

    Raises:
        ConfigError: Its problem is not there any more.
    """
    known = entry.document
    named = ProblemConfig(name=known.problem, settings=known.settings)
    problem = load_problem(named.name, named.settings)
    solver = None if bare else standalone_solver(entry.code, problem, named, seed=known.origin.seed)
    rule, gap = next(iter(known.textbook.items()), ("", None))
    beside = f" (best textbook rule of its class: {rule}, {Scale.GAP.text(gap)})" if rule else ""
    lines = [
        f"A heuristic for {known.problem}, discovered by evoheur: {known.name} of its gallery.",
        "",
        one_line(known.thought or "No thought was given.", width=10_000),
        "",
        f"Origin: {known.origin.candidate}, {known.origin.strategy}, {known.origin.generator}, seed {known.origin.seed}.",
        f"Test gap: {Scale.GAP.text(known.gap)}{beside}",
        "",
        "Use:",
        *(f"    {line}" for line in (*_own_use(solver), *_use(signatures_of(problem.functions()), named))),
    ]
    text = module_source(entry.code, "\n".join(lines))
    return text if solver is None else f"{text}\n\n{solver.source}"


def module_source(code: str, docstring: str) -> str:
    """Put a docstring above code.

    Args:
        code: Source that compiles.
        docstring: Any printable text, with line breaks.

    Returns:
        Source that compiles and does what the code does.
    """
    tree = read_program(code).tree
    future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    if future and ast.get_docstring(tree) is not None:
        # Only one docstring may stand above a future import, so the code's own goes, and its layout with it.
        code = ast.unparse(ast.Module(body=tree.body[1:], type_ignores=[]))
    escaped = docstring.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""{escaped.strip()}\n"""\n\n{code.strip()}\n'


def _docstring(
    record: CandidateRecord,
    run: RunRecord,
    named: ProblemConfig,
    problem: Problem[Any],
    rules: Mapping[str, Mapping[str, Evaluation]],
    *,
    solver: StandaloneSolver | None,
) -> str:
    signatures = signatures_of(problem.functions())
    return "\n".join(
        [
            f"A heuristic for {named.name}, discovered by evoheur.",
            "",
            one_line(record.candidate.thought or "No thought was given.", width=10_000),
            "",
            "Origin:",
            *(f"    {line}" for line in _origin(record, run, named)),
            "",
            "Scores (lower is better):",
            *(f"    {line}" for line in _scores(record, rules)),
            "",
            "Use:",
            *(f"    {line}" for line in (*_own_use(solver), *_use(signatures, named))),
        ]
    )


def _origin(record: CandidateRecord, run: RunRecord, named: ProblemConfig) -> Iterator[str]:
    reply = record.asked.completion if record.asked is not None else None
    yield f"candidate: {record.id}"
    if record.is_simplified:
        yield f"simplified from: {record.run}/{record.candidate.parents[0]}"
    else:
        yield f"bred by: {breeding(record.candidate)}"
    if not record.is_simplified:
        yield f"generator: {one_line(reply.model) if reply is not None else 'none, it is the heuristic of the problem itself'}"
    yield f"run started: {run.created_at:%Y-%m-%d %H:%M} UTC, seed {run.seed}"
    yield f"evoheur: {run.evoheur_version} (exported by {__version__})"
    yield f"problem: {named.name}, settings {dict(named.settings) or 'default'}"
    for split, files in named.files.items():
        yield f"{split} instances: {files.path} (SHA-256 {files.sha256})"


def _scores(record: CandidateRecord, rules: Mapping[str, Mapping[str, Evaluation]]) -> Iterator[str]:
    scale = Scale.of([*record.evaluations.values(), *(rule for scored in rules.values() for rule in scored.values())])
    for split in SPLITS:
        evaluation = record.evaluations.get(split)
        if evaluation is None:
            yield f"{split}: not scored"
            continue
        name, best = next(iter(rules[split].items()), ("", None))
        beside = f" (best textbook rule of its class: {name}, {scale.text(best.objective)})" if best is not None else ""
        if evaluation.objective is None:
            yield f"{split}: {evaluation.status.value}{beside}"
        else:
            plain = f", gap {Scale.GAP.text(gap_of(evaluation))}" if scale is Scale.RATIO else ""
            yield f"{split} {scale.value}: {scale.text(evaluation.objective)}{plain}{beside}"


def _own_use(solver: StandaloneSolver | None) -> Iterator[str]:
    if solver is None:
        return
    needs = "needs evoheur" if solver.needs_evoheur else "needs NumPy; with numba it is faster"
    yield f"python heuristic.py INSTANCE -o SOLUTION  # {needs}"
    if solver.solve is not None:
        yield f"from heuristic import {solver.solve}  # takes plain data; see its docstring"


def _use(signatures: tuple[FunctionSignature, ...], named: ProblemConfig) -> Iterator[str]:
    for signature in signatures:
        yield f"from heuristic import {signature.name}  # called as {signature}"
    settings = "".join(f" --setting {key}={value}" for key, value in named.settings.items())
    yield f"evoheur evaluate heuristic.py --problem {named.name}{settings}"
    yield f"evoheur solve heuristic.py INSTANCES --problem {named.name}{settings} -o SOLUTION"
    yield f"evoheur problems show {named.name}  # what the arguments mean"
