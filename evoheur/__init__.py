"""Discovery of heuristics for hard combinatorial problems by evolving code.

A language model writes the code. This is the front door: seven functions, and the types that a strategy, generator, problem, executor or
observer of your own needs. What `__all__` names stays as it is from one version to the next, or changes with a note; `evoheur.api` has what
the command line needs beyond it, and everything else may change without one.

Example:
    >>> import evoheur
    >>> result = evoheur.discover("quickstart", {"budget.evaluations": 20})
    >>> result.run, result.status, result.best.id
    ('quickstart-1', 'finished', 'quickstart-1/1')
    >>> round(result.gaps["validation"].best, 2), round(result.gaps["validation"].textbook["first_fit"], 2)
    (1.96, 4.12)
"""

import importlib
from typing import TYPE_CHECKING, Any

from evoheur.version import __version__

if TYPE_CHECKING:
    from evoheur.api.archives import open_archive
    from evoheur.api.configurations import load_config
    from evoheur.api.discover import discover, resume
    from evoheur.api.interruption import RunInterrupted
    from evoheur.api.result import Result, SplitGaps
    from evoheur.api.scoring import evaluate
    from evoheur.api.simplifying import simplify
    from evoheur.archive.reader import ArchiveReader
    from evoheur.archive.records import Asked, CandidateRecord, RunRecord, Told, Totals
    from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
    from evoheur.components import Config
    from evoheur.drawing import Drawing, DrawnPoints, DrawnRectangle, LineOfPoints
    from evoheur.errors import (
        ArchiveError,
        ConfigError,
        ConfigMistakes,
        EvoheurError,
        ExecutorError,
        GenerationError,
        GeneratorRefused,
        InstanceWarning,
        ReplayDiverged,
        StrategyStuck,
    )
    from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
    from evoheur.evaluation.executor import Executor, ExecutorConfig
    from evoheur.evaluation.instance_set import InstanceSet
    from evoheur.evaluation.isolation import SandboxConfig
    from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
    from evoheur.online import OnlineProblem
    from evoheur.problem import SPLITS, Aggregate, Heuristic, Infeasible, Instance, Json, Problem, Split, Symmetry, scaled
    from evoheur.problem_loading import load_problem
    from evoheur.request import Completion, Failure, Message, Note, Outcome, Request, Usage
    from evoheur.run.config import EvaluationConfig, RunConfig
    from evoheur.run.configured_observers import ObserverConfig
    from evoheur.run.events import (
        BestAudited,
        CallsHalved,
        Event,
        InternalError,
        NewBest,
        Observer,
        OutageNews,
        OutcomeTold,
        Preparing,
        ReplyReceived,
        RequestSent,
        RunStarted,
        RunStopped,
        Throttled,
    )
    from evoheur.run.problem_config import ProblemConfig
    from evoheur.strategies.strategy import OperatorCard, Strategy, StrategyConfig

__all__ = [
    "SPLITS",
    "Aggregate",
    "ArchiveError",
    "ArchiveReader",
    "Asked",
    "BestAudited",
    "CallsHalved",
    "Candidate",
    "CandidateRecord",
    "Completion",
    "Config",
    "ConfigError",
    "ConfigMistakes",
    "Drawing",
    "DrawnPoints",
    "DrawnRectangle",
    "Evaluation",
    "EvaluationConfig",
    "EvaluatorRecipe",
    "Event",
    "EvoheurError",
    "Executor",
    "ExecutorConfig",
    "ExecutorError",
    "Failure",
    "GenerationError",
    "Generator",
    "GeneratorConfig",
    "GeneratorContext",
    "GeneratorRefused",
    "Heuristic",
    "Infeasible",
    "Instance",
    "InstanceResult",
    "InstanceSet",
    "InstanceWarning",
    "InternalError",
    "Json",
    "LineOfPoints",
    "Message",
    "NewBest",
    "Note",
    "Observer",
    "ObserverConfig",
    "OnlineProblem",
    "OperatorCard",
    "OutageNews",
    "Outcome",
    "OutcomeTold",
    "Preparing",
    "Problem",
    "ProblemConfig",
    "ReplayDiverged",
    "ReplyReceived",
    "Request",
    "RequestSent",
    "Result",
    "RunConfig",
    "RunInterrupted",
    "RunRecord",
    "RunStarted",
    "RunStopped",
    "SandboxConfig",
    "Split",
    "SplitGaps",
    "Status",
    "Strategy",
    "StrategyConfig",
    "StrategyStuck",
    "Symmetry",
    "Throttled",
    "Told",
    "Totals",
    "Usage",
    "__version__",
    "discover",
    "evaluate",
    "load_config",
    "load_problem",
    "open_archive",
    "resume",
    "scaled",
    "simplify",
]

_HOMES = {
    "evoheur.api.archives": ("open_archive",),
    "evoheur.api.configurations": ("load_config",),
    "evoheur.api.discover": ("discover", "resume"),
    "evoheur.api.interruption": ("RunInterrupted",),
    "evoheur.api.result": ("Result", "SplitGaps"),
    "evoheur.api.scoring": ("evaluate",),
    "evoheur.api.simplifying": ("simplify",),
    "evoheur.archive.reader": ("ArchiveReader",),
    "evoheur.archive.records": ("Asked", "CandidateRecord", "RunRecord", "Told", "Totals"),
    "evoheur.candidate": ("Candidate", "Evaluation", "InstanceResult", "Status"),
    "evoheur.drawing": ("Drawing", "DrawnPoints", "DrawnRectangle", "LineOfPoints"),
    "evoheur.errors": (
        "ArchiveError",
        "ConfigError",
        "ConfigMistakes",
        "EvoheurError",
        "ExecutorError",
        "GenerationError",
        "GeneratorRefused",
        "InstanceWarning",
        "ReplayDiverged",
        "StrategyStuck",
    ),
    "evoheur.evaluation.executor": ("Executor", "ExecutorConfig"),
    "evoheur.evaluation.instance_set": ("InstanceSet",),
    "evoheur.evaluation.isolation": ("SandboxConfig",),
    "evoheur.evaluation.evaluator_recipe": ("EvaluatorRecipe",),
    "evoheur.generation.generator": ("Generator", "GeneratorConfig", "GeneratorContext"),
    "evoheur.online": ("OnlineProblem",),
    "evoheur.components": ("Config",),
    "evoheur.problem": (
        "SPLITS",
        "Aggregate",
        "Heuristic",
        "Infeasible",
        "Instance",
        "Json",
        "Problem",
        "Split",
        "Symmetry",
        "scaled",
    ),
    "evoheur.problem_loading": ("load_problem",),
    "evoheur.request": ("Completion", "Failure", "Message", "Note", "Outcome", "Request", "Usage"),
    "evoheur.run.config": ("EvaluationConfig", "RunConfig"),
    "evoheur.run.configured_observers": ("ObserverConfig",),
    "evoheur.run.events": (
        "BestAudited",
        "CallsHalved",
        "Event",
        "InternalError",
        "NewBest",
        "Observer",
        "OutageNews",
        "OutcomeTold",
        "Preparing",
        "ReplyReceived",
        "RequestSent",
        "RunStarted",
        "RunStopped",
        "Throttled",
    ),
    "evoheur.run.problem_config": ("ProblemConfig",),
    "evoheur.strategies.strategy": ("OperatorCard", "Strategy", "StrategyConfig"),
}
"""Module → the names it gives. A test holds that the block for type checkers above says the same."""

_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    # A guest imports evoheur too, and must neither hold nor wait for databases and compilers: what a name needs is imported with it.
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
