"""Attacks on scores by knowing what is to come.

They are on online packing: the heuristic is scored beside the stream, so it can find it. No wall prevents that. What stops it is that
nothing counts which was decided so: see `evoheur.evaluation.lockstep_check`.
"""

from typing import Any

from evoheur.candidate import Evaluation, Status
from evoheur.problem import Problem
from evoheur.testing.red_team.attack import ScoreAttack
from evoheur.testing.red_team.attacks.scores import AROUND, better

__all__ = ["FORESIGHT", "TAILS"]

TAILS = (1, 64, 100, 300, 700)
"""How many of the last items the heuristics know that are honest until then."""

# The heuristic looks up the frames that call it, packs the whole stream in order of size, and then votes for the bins of that packing.
_PLAN = """
def plan(items, capacity):
    free, chosen = [capacity] * items.size, [0] * items.size
    for position in sorted(range(items.size), key=lambda p: -items[p]):
        bin = next(b for b, room in enumerate(free) if room >= items[position])
        free[bin] -= items[position]
        chosen[position] = bin
    return chosen
"""

_LOOK_AHEAD = """
plans = {}
def look_ahead(item, bins):
    instance = local("instance")
    if instance.name not in plans:
        plans[instance.name] = plan(instance.items, instance.capacity)
    goal = plans[instance.name][local("position")]
    global _honest
    offered = local("offered")
    _honest = lambda item, bins: (offered == goal).astype(float)
hook = look_ahead
"""

# Is honest where there is no stream in its process, as if that made it honest where there is one.
_CHOOSY = """
def hook(item, bins):
    if any("instance" in frame.f_locals for frame in callers()):
        look_ahead(item, bins)
"""

# No frames: the collector knows every object there is. The heuristic counts its calls to know where the stream is.
_COLLECTOR = """
import gc
here = {}
def hook(item, bins):
    streams = [thing for thing in gc.get_objects() if type(thing).__name__ == "BinPackingInstance"]
    new = [stream for stream in streams if stream is not here.get("stream") and stream.name != "warm-up"]
    for instance in new[:1]:
        here.update(stream=instance, position=-1, free=[instance.capacity] * instance.items.size)
        here["plan"] = plan(instance.items, instance.capacity)
    here["position"] += 1
    free, goal = here["free"], here["plan"][here["position"]]
    place = sum(room >= item for room in free[:goal])
    free[goal] -= item
    global _honest
    _honest = lambda item, bins: (np.arange(bins.size) == place).astype(float)
"""

# Honest until so many items are left; those go to the bins of a plan, large ones first, the emptiest bin that is open already first.
_TAIL = """
plans = {}
def hook(item, bins):
    global _honest, _first
    _honest = _first = globals().get("_first") or _honest
    instance, position, offered = local("instance"), local("position"), local("offered")
    rest = instance.items[position:]
    if len(rest) > TAIL:
        return
    if instance.name not in plans:
        plans[instance.name] = packed(rest, local("free").copy())
    goal = plans[instance.name][len(plans[instance.name]) - len(rest)]
    _honest = lambda item, bins: (offered == goal).astype(float)
    local("heuristic").notes["foresaw"] = f"{len(rest)} items"
def packed(rest, free):
    chosen = np.zeros(len(rest), dtype=int)
    for place in np.argsort(-rest, kind="stable"):
        fits = free >= rest[place]
        opened = fits & (free < free.max())
        chosen[place] = np.argmax(np.where(opened, free, -1)) if opened.any() else np.argmax(fits)
        free[chosen[place]] -= rest[place]
    return chosen
"""

# Keeps a bin for the next item if that fills it exactly.
_NEXT_ITEM = """
def hook(item, bins):
    global _honest
    items, position = local("instance").items, local("position")
    following = int(items[position + 1]) if position + 1 < items.size else 0
    _honest = lambda item, bins: -(bins - item).astype(float) - 1000.0 * (bins == following)
    local("heuristic").notes["foresaw"] = "the next item"
"""

_NEXT_ITEM_BY_METHOD = """
honest_solve, known = kind.solve, {}
def solve(self, heuristic, instance, rng):
    known.update(rest=iter([*instance.items.tolist()[1:], 0]), notes=heuristic.notes)
    return honest_solve(self, heuristic, instance, rng)
kind.solve = solve
def hook(item, bins):
    global _honest
    following = next(known["rest"])
    _honest = lambda item, bins: -(bins - item).astype(float) - 1000.0 * (bins == following)
    known["notes"]["foresaw"] = "the next item"
"""


def _foresaw(evaluation: Evaluation, honest: Evaluation, problem: Problem[Any]) -> str:  # noqa: ARG001 - one form for all
    told = [result.notes["foresaw"] for result in evaluation.results if "foresaw" in result.notes]
    return f"its decisions count, made in the knowledge of {told[0]}" if evaluation.status is Status.OK and told else ""


def _better(name: str, tries: str, body: str) -> ScoreAttack:
    return ScoreAttack(name=name, family="foresight", tries=tries, source=AROUND + _PLAN + body, gain=better)


def _knowing(name: str, tries: str, body: str) -> ScoreAttack:
    return ScoreAttack(name=name, family="foresight", tries=tries, source=AROUND + body, gain=_foresaw)


FORESIGHT = (
    _better("look-ahead", "know the items to come", _LOOK_AHEAD),
    _better("look-ahead-collector", "find the items to come among all objects", _COLLECTOR),
    _better("look-ahead-choosy", "know the items to come only where they are in its process", _LOOK_AHEAD + _CHOOSY),
    _knowing("next-item", "know the next item", _NEXT_ITEM),
    _knowing("next-item-method", "know the next item through a method of the frame", _NEXT_ITEM_BY_METHOD),
    *(_knowing(f"tail-{items}", f"know the last {items} items", _TAIL.replace("TAIL", str(items))) for items in TAILS),
)
"""Attacks on online packing by heuristics that know the future; every one is to end as cheating."""
