"""Programs for online packing of the kinds that models write: parts of levels, of places and of all bins, joined.

Each is the body of `priority(item, bins)`. They are ours; none was taken from a model's answer or a paper.
"""

import textwrap

__all__ = ["PLACED_PROGRAMS", "program"]


def program(name: str) -> str:
    """The source of a program."""
    body = textwrap.indent(textwrap.dedent(PLACED_PROGRAMS[name]).strip("\n"), "    ")
    return f"import numpy as np\n\n\ndef priority(item, bins):\n{body}\n"


PLACED_PROGRAMS = {
    # A part of the place that rises or falls evenly.
    "place times nothing": "return -bins + 0 * np.arange(len(bins))",
    "small bonus for early bins": "return -(bins - item) - 0.001 * np.arange(len(bins))",
    "share of the row": "rest = bins - item\nreturn -rest - np.arange(len(bins)) / len(bins)",
    "late bins first among equals": "return -(bins - item).astype(float) + 1e-6 * np.arange(len(bins))",
    "reversed index": "order = np.arange(len(bins), 0, -1)\nreturn order * 0.01 - (bins - item)",
    "index from one": "index = np.arange(1, len(bins) + 1)\nreturn 1.0 / (bins - item + 1) - 0.1 / index",
    "product with the place": "index = np.arange(len(bins))\nreturn -(bins - item) * (1 + index / len(bins))",
    "quotient by the place": "index = np.arange(len(bins)) + 1\nfit = 1.0 / (1.0 + bins - item)\nreturn fit / index",
    "root of the place": "index = np.arange(len(bins))\nreturn -(bins - item) - 0.05 * np.sqrt(index)",
    "harmonic place": "return item / bins + 0.1 / (1 + np.arange(len(bins)))",
    "decaying place": "index = np.arange(len(bins))\nreturn -(bins - item) + np.exp(-index / 50.0)",
    "decay over the row": "index = np.arange(len(bins))\nreturn -(bins - item) + 0.5 * np.exp(-index / len(bins))",
    "power of a base": "decay = 0.95 ** np.arange(len(bins))\nreturn -(bins - item) * 0.1 + decay",
    "logarithm of the place": "return -(bins - item) - 0.2 * np.log1p(np.arange(len(bins)))",
    "falling line": "return -(bins - item) / 10.0 + np.linspace(1, 0, len(bins))",
    "rising line": "weight = np.linspace(0.5, 1.0, len(bins))\nreturn -(bins - item) * weight",
    "line of ones and halves": "bias = np.linspace(1.0, 0.5, len(bins))\nreturn item / (bins + 1e-6) * bias",
    "saturating place": "return np.tanh((bins - item) / 20.0) * -1 - 0.01 * np.tanh(np.arange(len(bins)) / 100)",
    # Parts of the place that go up and down.
    "parity": "scores = -(bins - item).astype(float)\nscores[np.arange(len(bins)) % 2 == 0] += 0.5\nreturn scores",
    "every third bin": "index = np.arange(len(bins))\nreturn np.where(index % 3 == 0, 1.0, 0.0) - (bins - item)",
    "wave": "return -(bins - item) + 0.3 * np.sin(np.arange(len(bins)))",
    "cosine of a share": "index = np.arange(len(bins))\nreturn -(bins - item) * (1.1 + np.cos(index))",
    "middle of the row": "index = np.arange(len(bins))\ncentre = len(bins) / 2\nreturn -(bins - item) - np.abs(index - centre) / len(bins)",
    "groups of ten": "group = np.arange(len(bins)) // 10\nreturn -(bins - item) - 0.1 * group",
    # Comparisons, where, minimum and maximum.
    "first fifty": "index = np.arange(len(bins))\nreturn np.where(index < 50, -(bins - item), -(bins - item) - 5)",
    "exact fit first": "scores = -(bins - item) - 0.01 * np.arange(len(bins))\nscores[bins == item] = 1000\nreturn scores",
    "minimum of both": "return np.minimum(1.0 / (bins - item + 1), 1.0 / (np.arange(len(bins)) + 1))",
    "maximum of both": "return np.maximum(item / bins, 1 - np.arange(len(bins)) / len(bins))",
    "clipped place": "bonus = np.clip(1 - np.arange(len(bins)) / 100, 0, 1)\nreturn bonus - (bins - item)",
    "masked both ways": """
        index = np.arange(len(bins))
        scores = np.zeros(len(bins))
        tight = (bins - item) <= 5
        scores[tight] = 100 - (bins - item)[tight]
        scores[~tight] = -0.1 * index[~tight] - (bins - item)[~tight]
        return scores
    """,
    "selected": """
        rest = bins - item
        index = np.arange(len(bins))
        return np.select([rest == 0, rest < 10], [100.0 - index * 0.001, 10.0 - rest], default=-rest * 1.0)
    """,
    "tight and early": "index = np.arange(len(bins))\nmask = (bins - item < 8) & (index < 200)\nreturn mask * 2.0 - (bins - item) / 100",
    "branch on the item": """
        index = np.arange(len(bins))
        if item > 50:
            return -(bins - item) - 0.001 * index
        return -np.abs(bins - 2 * item) - 0.002 * index
    """,
    # All bins: sums, means, extremes, spreads of levels.
    "above the mean": "return np.where(bins > np.mean(bins), -1.0, 1.0) - (bins - item) / 100",
    "distance to the mean": "return -np.abs(bins - np.mean(bins))",
    "share of all space": "return -(bins - item) / np.sum(bins)",
    "of the smallest": "return -(bins - item) / (bins.min() + 1)",
    "scaled to one": "low, high = bins.min(), bins.max()\nreturn -(bins - low) / (high - low + 1e-9)",
    "scaled rest": "rest = bins - item\nreturn 1 - rest / (np.max(rest) + 1)",
    "standard scores": "return -(bins - np.mean(bins)) / (np.std(bins) + 1e-9)",
    "spread as weight": "return -(bins - item) - 0.1 * np.std(bins) * np.arange(len(bins)) / len(bins)",
    "variance of rests": "rest = bins - item\nreturn -rest + 0.001 * rest.var() * (rest == 0)",
    "mean of roots": "root = np.sqrt(bins)\nreturn -(root - root.mean()) ** 2",
    "mean of inverses": "fit = 1.0 / (bins - item + 1)\nreturn fit - np.mean(fit) * np.arange(len(bins)) / len(bins)",
    "fits that are there": "exact = np.sum(bins == item)\nreturn -(bins - item) + exact * (bins == item)",
    "if one fits exactly": """
        if np.any(bins == item):
            return (bins == item).astype(float)
        return -(bins - item) - 0.01 * np.arange(len(bins))
    """,
    "if spread is not nothing": """
        spread = np.std(bins)
        if spread == 0:
            spread = 1.0
        return -(bins - np.mean(bins)) / spread
    """,
    "if there are many": """
        if len(bins) > 100:
            return -(bins - item) - np.arange(len(bins)) / len(bins)
        return -(bins - item)
    """,
    "count as weight": "return -(bins - item) * (1 + 1 / len(bins)) + np.log(len(bins))",
    # Normalised at the end.
    "by the largest score": "scores = -(bins - item) / np.arange(1, len(bins) + 1)\nreturn scores / np.max(np.abs(scores))",
    "between zero and one": """
        scores = -(bins - item) + np.arange(len(bins)) / len(bins)
        return (scores - scores.min()) / (scores.max() - scores.min() + 1e-9)
    """,
    "less the smallest": "scores = item / bins - 0.01 * np.arange(len(bins))\nreturn scores - np.min(scores)",
    "new bins last": "scores = -(bins - item) - 0.001 * np.arange(len(bins))\nscores[bins == bins.max()] = -1e6\nreturn scores",
    "infinite for new bins": """
        scores = 1.0 / (bins - item + 1) + 0.1 / (np.arange(len(bins)) + 1)
        scores[bins == np.max(bins)] = -np.inf
        return scores
    """,
    # Several steps, as longer answers have them.
    "three terms": """
        rest = bins - item
        index = np.arange(len(bins))
        tightness = 1.0 / (rest + 1)
        fill = 1 - rest / np.max(bins)
        early = 1 - index / len(bins)
        return 0.6 * tightness + 0.3 * fill + 0.1 * early
    """,
    "in place": """
        scores = np.zeros_like(bins, dtype=float)
        scores += item / bins
        scores -= 0.0005 * np.arange(len(bins))
        scores *= np.where(bins - item < 5, 2.0, 1.0)
        return scores
    """,
    "helper": """
        def closeness(rest):
            return np.exp(-rest / 10.0)
        position = np.arange(len(bins)) / max(1, len(bins))
        return closeness(bins - item) - 0.05 * position
    """,
    "constants by a loop": """
        scores = np.zeros(len(bins))
        for weight, limit in ((3, 2), (2, 5), (1, 10)):
            scores += weight * (bins - item <= limit)
        return scores - 0.001 * np.arange(len(bins))
    """,
    "quadratic both": """
        rest = bins - item
        index = np.arange(len(bins), dtype=float)
        return -(rest ** 2) / 100.0 - (index / len(bins)) ** 2
    """,
    "sigmoid": "rest = bins - item\nreturn 1 / (1 + np.exp(rest / 5.0)) - 1e-4 * np.arange(len(bins))",
    "log ratio": "return np.log(item) * bins ** 2 / (item * np.sqrt(bins - item + 1)) * -1 - 0.01 * np.arange(len(bins))",
    "mixed everything": """
        rest = bins - item
        index = np.arange(len(bins))
        mean = np.mean(rest)
        scores = np.where(rest < mean, 1.0 / (rest + 1), -rest / (mean + 1))
        scores += 0.1 * (index < len(bins) // 2)
        scores[rest == 0] += 10
        return scores
    """,
    "zeros to nan": "rest = bins - item\nwith np.errstate(all='ignore'):\n    return rest / rest - 0.001 * np.arange(len(bins))",
    # What is not split: order, neighbours, loops over the bins.
    "ranks": "return -np.argsort(np.argsort(bins)) - 0.001 * np.arange(len(bins))",
    "neighbours": "scores = -(bins - item).astype(float)\nscores[1:] -= 0.1 * scores[:-1]\nreturn scores",
    "loop with enumerate": "return np.array([-(level - item) - 0.001 * place for place, level in enumerate(bins)])",
    "loop over places": """
        scores = np.zeros(len(bins))
        for place in range(len(bins)):
            scores[place] = -(bins[place] - item) - 0.001 * place
        return scores
    """,
    "running sum": "return -(bins - item) - 1e-6 * np.cumsum(bins)",
    "median": "return -np.abs(bins - np.median(bins)) - 0.001 * np.arange(len(bins))",
}
"""By what they do; most are split, the last few are not."""
