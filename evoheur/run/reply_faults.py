"""Kinds of faults that replies have, each with the sentence that avoids it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from evoheur.candidate import Candidate, Status
from evoheur.generation.refusals import Reason
from evoheur.request import Failure, Outcome

__all__ = ["REMEDIES", "ReplyFault", "fault_of"]

_LONGEST_EXAMPLE = 160
_RAISED = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception|Warning|Iteration)|BadAnswer|BadScores)\b", re.MULTILINE)
_SHOWN = frozenset({Status.ERROR, Status.INFEASIBLE, Status.REJECTED})

REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        Reason.EMPTY: "answer with the code block, and do not think aloud before it.",
        Reason.NO_CODE: "answer with one Python code block that holds the whole function.",
        Reason.SYNTAX: "write Python that parses: look over brackets, quotes and indentation.",
        Reason.NO_FUNCTION: "define the function with `def` at top level, with a whole body.",
        Reason.WRONG_NAME: "keep the function's name to the letter.",
        Reason.WRONG_ARITY: "keep all parameters, and add none.",
        Reason.TRUNCATED: "be short, so that the answer ends before its limit: no docstring, few comments, one version.",
        Reason.TOO_LONG: "be short: no docstring, few comments, one version.",
        Reason.NO_MATCH: "search for whole lines, copied to the letter from the heuristic, and for so many that they stand in one place.",
        Reason.MARKERS: "write every expression and number out, or mark them just as the form of the answer says.",
        Status.REJECTED: "import nothing beyond what the rules allow.",
        Status.TIMEOUT: "be faster: expressions on whole arrays instead of loops over their entries.",
        Status.MEMORY: "use less memory: no arrays much larger than those that are given.",
        Status.OUTPUT: "return no more than what is asked for.",
        Status.CRASHED: "do not exit, recurse without end or use up the memory.",
        Status.INFEASIBLE: "return what the docstring asks for: real numbers, none of them NaN, in the shape that it states.",
        Status.CHEATING: "decide by the arguments alone.",
        Status.SCALE_DEPENDENT: "compare quantities of the same unit only, and use ratios, so that other units change nothing.",
        Status.ERROR: "go through every line with the shapes that the docstring states.",
        "NameError": "use only names that the code defines, and NumPy by `np.`.",
        "AttributeError": "use only functions that NumPy has and that suit the type of what they are called on.",
        "IndexError": "mind the lengths of arrays: they differ from call to call, and may be 1.",
        "AxisError": "mind the shapes: arrays of shape (n,) have axis 0 only.",
        "ValueError": "mind the shapes: combine arrays of equal shape, and choose between entries with `np.where`, since `if` and `and` "
        "take no arrays.",
        "TypeError": "mind which arguments are arrays and which are single numbers.",
        "ZeroDivisionError": "guard divisions, such as with `np.maximum(x, 1e-9)`.",
        "ModuleNotFoundError": "import nothing beyond what the rules allow.",
        "BadAnswer": "return what the docstring asks for: real numbers, none of them NaN, in the shape that it states.",
        "BadScores": "return what the docstring asks for: real numbers, none of them NaN, in the shape that it states.",
    }
)
"""Kind of fault → how to avoid it. Kinds are a parser's reasons, statuses of evaluations, and exceptions that heuristics raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFault:
    """What one reply failed of.

    Attributes:
        kind: By which faults are counted.
        remedy: A sentence that avoids it.
        example: What happened, in a line; may be empty.
    """

    kind: str
    remedy: str
    example: str = ""


def fault_of(outcome: Outcome) -> ReplyFault | None:
    """What a reply failed of; None for one that works, or was stopped early without a fault."""
    if isinstance(outcome, Failure):
        return ReplyFault(
            kind=outcome.reason, remedy=REMEDIES.get(outcome.reason, REMEDIES[Status.ERROR]), example=_line(outcome.detail)
        )
    if not isinstance(outcome, Candidate) or outcome.evaluation.status in {Status.OK, Status.PRUNED}:
        return None
    status, detail = outcome.evaluation.status, outcome.evaluation.detail
    raised = _RAISED.findall(detail) if status is Status.ERROR else []
    kind = raised[-1].rpartition(".")[2] if raised else status.value
    example = _line(detail.strip().rpartition("\n")[2]) if status in _SHOWN else ""
    return ReplyFault(kind=kind, remedy=REMEDIES.get(kind, REMEDIES[Status.ERROR]), example=example)


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_EXAMPLE else f"{line[: _LONGEST_EXAMPLE - 1]}…"
