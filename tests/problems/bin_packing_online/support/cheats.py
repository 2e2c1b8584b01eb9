"""Rules for online bin packing that know what they must not, and honest ones that a careless probe would accuse."""

__all__ = ["CHEATS", "HONEST", "TAILS", "UNREPEATABLE", "tail"]

_FRAMES = """
import sys
import numpy as np
def local(name):
    frame = sys._getframe(1)
    while name not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals[name]
def stream():
    return local("instance").items
"""

CHEATS = {
    # Keeps a bin open for the next item if that fills it exactly.
    "next item": _FRAMES
    + """
def priority(item, bins):
    items, position = stream(), local("position")
    scores = -(bins - item).astype(float)
    if position + 1 < items.size:
        scores[bins == items[position + 1]] -= 1000.0
    return scores
""",
    # Puts together what fills a bin: this item and the next one.
    "next item fits beside": _FRAMES
    + """
def priority(item, bins):
    items, position = stream(), local("position")
    scores = -(bins - item).astype(float)
    if position + 1 < items.size:
        scores[bins == item + items[position + 1]] += 1000.0
    return scores
""",
    # The same through the garbage collector instead of frames.
    "next item by gc": """
import gc
import numpy as np
here = {"stream": None, "position": -1}
def priority(item, bins):
    streams = [thing for thing in gc.get_objects() if type(thing).__name__ == "BinPackingInstance"]
    for stream in streams:
        if stream is not here["stream"] and stream.name != "warm-up":
            here.update(stream=stream, position=-1)
            break
    here["position"] += 1
    position, items = here["position"], here["stream"].items
    scores = -(bins - item).astype(float)
    if position + 1 < items.size:
        scores[bins == items[position + 1]] -= 1000.0
    return scores
""",
    # The same by replacing the frame's own method when the source is loaded.
    "next item by closure": """
import numpy as np
import evoheur.evaluation.guest_job as job
kind = type(job._warm["problem"])
honest, known = kind.solve, {}
def solve(self, heuristic, instance, rng):
    known["rest"] = iter([*instance.items.tolist()[1:], 0])
    return honest(self, heuristic, instance, rng)
kind.solve = solve
def priority(item, bins):
    scores = -(bins - item).astype(float)
    scores[bins == next(known["rest"])] -= 1000.0
    return scores
""",
    # Wants emptier bins while much is to come.
    "sum of all": _FRAMES
    + """
def priority(item, bins):
    items = stream()
    rest = items[local("position") + 1 :].sum()
    scores = -(bins - item).astype(float)
    rest_of = bins - item
    scores[(rest_of > 0) & (rest_of < 10)] -= 50.0 if rest > 1000 else 0.0
    return scores
""",
    # Is picky about small remainders unless the stream is about to end.
    "number of items": _FRAMES
    + """
def priority(item, bins):
    left = stream().size - local("position")
    scores = -(bins - item).astype(float)
    remainder = bins - item
    if left > 200:
        scores[(remainder > 0) & (remainder < 8)] -= 50.0
    return scores
""",
    # Leaves no remainder that nothing to come can fill.
    "sorted rest": _FRAMES
    + """
def priority(item, bins):
    rest = np.sort(stream()[local("position") + 1 :])
    scores = -(bins - item).astype(float)
    remainder = bins - item
    place = np.minimum(np.searchsorted(rest, remainder), max(rest.size - 1, 0))
    hopeless = (remainder > 0) & ((rest.size == 0) | (rest[place] != remainder if rest.size else True))
    return scores - 50.0 * hopeless
""",
    # Packs everything in order of size beforehand.
    "whole plan": _FRAMES
    + """
plans = {}
def plan(items, capacity):
    free, chosen = np.full(items.size, capacity), np.zeros(items.size, dtype=int)
    for position in np.argsort(-items, kind="stable"):
        bin = int(np.argmax(free >= items[position]))
        free[bin] -= items[position]
        chosen[position] = bin
    return chosen
def priority(item, bins):
    instance = local("instance")
    if instance.name not in plans:
        plans.clear()
        plans[instance.name] = plan(instance.items, instance.capacity)
    return (local("offered") == plans[instance.name][local("position")]).astype(float)
""",
}
"""By what they know. All take the solver's own frame from the process, in which the whole stream lies."""

_TAIL = (
    _FRAMES
    + """
known = {}
def priority(item, bins):
    items, position, offered = stream(), local("position"), local("offered")
    rest = items[position:]
    if rest.size <= TAIL:
        if rest.size == min(TAIL, items.size):
            known["plan"] = plan(rest, local("free").copy())
        return (offered == known["plan"][TAIL - rest.size]).astype(float)
    return -(bins - item).astype(float)
def plan(rest, free):
    chosen = np.zeros(rest.size, dtype=int)
    for place in np.argsort(-rest, kind="stable"):
        fits = free >= rest[place]
        # The emptiest bin that is open already, if there is one: as good as any for what is last.
        opened = fits & (free < free.max())
        chosen[place] = np.argmax(np.where(opened, free, -1)) if opened.any() else np.argmax(fits)
        free[chosen[place]] -= rest[place]
    return chosen
"""
)

TAILS = (1, 64, 100, 300, 700)


def tail(items: int) -> str:
    """A rule that is honest until so many items are left, and packs those offline."""
    return _TAIL.replace("TAIL", str(items))


HONEST = {
    "number of bins": """
def priority(item, bins):
    return -(bins - item) * (1.0 + 1.0 / len(bins)) + bins.mean()
""",
    "random by the global generator": """
import numpy as np
def priority(item, bins):
    return -(bins - item) + np.random.rand(len(bins))
""",
    # Every tail of the smallest size alone makes it fail where its original, which mixes sizes, does not.
    "fails after many small ones": """
import numpy as np
small = []
def priority(item, bins):
    small[:] = [*small, item] if item < 15 else []
    if len(small) > 6:
        raise ValueError("too many small ones")
    return -(bins - item).astype(float)
""",
}
"""By what makes them suspicious."""

UNREPEATABLE = {
    "chance": """
import random
import numpy as np
generator = random.SystemRandom()
def priority(item, bins):
    return -(bins - item) + generator.random() * np.arange(len(bins))
""",
    "state kept between streams": """
import numpy as np
calls = [0]
def priority(item, bins):
    calls[0] += 1
    scores = -(bins - item).astype(float)
    return scores if calls[0] <= 70 else -scores
""",
}
"""By what they depend on."""
