"""Export of a candidate as one Python file.

The file says where the candidate comes from and what it is worth.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from evoheur.api.contender import scoring_config
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.candidate import Evaluation
from evoheur.code.program import read_program
from evoheur.code.signature import FunctionSignature, signatures_of
from evoheur.documents.evaluation_document import gap_of
from evoheur.observers.number_text import Scale, breeding, one_line
from evoheur.problem import SPLITS, Problem
from evoheur.problem_loading import load_problem
from evoheur.run.config import ProblemConfig
from evoheur.run.instance_source import InstanceSource
from evoheur.run.textbook_evaluations import TextbookEvaluations
from evoheur.version import __version__

__all__ = ["module_source", "standalone_module"]


def standalone_module(record: CandidateRecord, run: RunRecord) -> str:
    """Write a candidate as the source of a module.

    Its docstring has the origin, the scores beside the textbook rules', and how to use it.

    Args:
        record: The candidate.
        run: Its run.

    Raises:
        ConfigError: The run's problem is not there any more.
    """
    config = scoring_config(run)
    named = config.problem
    problem = load_problem(named.name, named.settings)
    source = InstanceSource.of(problem, named, memory_mib=config.evaluation.limits.memory_mib)
    scored = TextbookEvaluations(source, config.train, seed=config.seed)
    rules: dict[str, Mapping[str, Evaluation]] = {}
    for split in SPLITS:
        if split in record.evaluations:
            found = scored.on(split, record.evaluations[split].epoch)
            rules[split] = {name: found[name] for name in problem.rule_classes().alike(found)}
    return module_source(record.candidate.code, _docstring(record, run, named, problem, rules))


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
            *(f"    {line}" for line in _use(signatures, named)),
        ]
    )


def _origin(record: CandidateRecord, run: RunRecord, named: ProblemConfig) -> Iterator[str]:
    reply = record.asked.completion if record.asked is not None else None
    yield f"candidate: {record.id}"
    yield f"bred by: {breeding(record.candidate)}"
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


def _use(signatures: tuple[FunctionSignature, ...], named: ProblemConfig) -> Iterator[str]:
    for signature in signatures:
        yield f"from heuristic import {signature.name}  # called as {signature}"
    settings = "".join(f" --setting {key}={value}" for key, value in named.settings.items())
    yield f"evoheur evaluate heuristic.py --problem {named.name}{settings}"
    yield f"evoheur solve heuristic.py INSTANCES --problem {named.name}{settings} -o SOLUTION"
    yield f"evoheur problems show {named.name}  # what the arguments mean"
