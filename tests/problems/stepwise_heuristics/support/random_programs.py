"""Random programs of the kinds that models write: loops, branches, lists, sets, dicts, arrays, functions of their own."""

import random

_WHOLE = ("k", "i", "j", "n", "len(a)", "len(s)", "len(d)", "2", "0", "-1", "7", "v[0]", "v[i % len(v)]", "True")
_REAL = (
    "x",
    "acc",
    "m[i % 4][j % 4]",
    "m[i % 4, v[0] % 4]",
    "w[i % len(w)]",
    "0.5",
    "1e-3",
    "np.mean(w)",
    "np.max(w)",
    "w.sum()",
    "0.0",
)
_TESTS = ("i in s", "j not in d", "best is None", "i != j", "k in a", "acc < x < 3.0", "len(a) > 3", "v[0] == i")


class _Writer:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.lines: list[str] = []

    def number(self, depth: int = 0) -> str:
        rng = self.rng
        if depth > 2 or rng.random() < 0.35:
            return rng.choice(_WHOLE if rng.random() < 0.5 else _REAL)
        one, two = self.number(depth + 1), self.number(depth + 1)
        return rng.choice(
            [
                f"({one} {rng.choice('+-*/')} {two})",
                f"({one} {rng.choice(['+', '-', '*', '//', '%'])} {two})",
                f"min({one}, {two})",
                f"max({one}, {two})",
                f"abs({one})",
                f"({one} if {self.test()} else {two})",
                f"helper({one}, {two})",
                f"(-{one})",
                f"float({one})",
                f"{one} ** 2",
                f"np.sqrt(abs({one}))",
                f"d.get(i, {two})",
                f"sum({one} for j in v if j > {two})",
                f"len([j for j in a if j != {two}])",
            ]
        )

    def test(self) -> str:
        rng = self.rng
        if rng.random() < 0.5:
            return rng.choice(_TESTS)
        joined = f"{self.number(2)} {rng.choice(['<', '<=', '>', '>=', '==', '!='])} {self.number(2)}"
        return joined if rng.random() < 0.7 else f"({joined} {rng.choice(['and', 'or'])} not {rng.choice(_TESTS)})"

    def statement(self, indent: int, depth: int) -> None:
        rng, pad = self.rng, "    " * indent
        if depth < 2 and rng.random() < 0.35:
            head = rng.choice(
                [
                    "for i in v:",
                    "for j in range(k):",
                    "for i, j in enumerate(v):",
                    "for i in sorted(s):",
                    "for j in set(v):",
                    f"if {self.test()}:",
                    "for i, b in zip(v, w):",
                    "for j, b in d.items():",
                    "for b in list(a):",
                ]
            )
            self.lines.append(pad + head)
            for _ in range(rng.randint(1, 3)):
                self.statement(indent + 1, depth + 1)
            return
        self.lines.append(
            pad
            + rng.choice(
                [
                    f"acc = {self.number()}",
                    f"acc += {self.number()}",
                    f"n = int({self.number()})",
                    f"a.append({self.number()})",
                    "s.add(i)",
                    "s.discard(j)",
                    f"d[i] = {self.number()}",
                    f"d[j % 5] = {self.number()}",
                    f"w[i % len(w)] = {self.number()}",
                    f"w = w {rng.choice('+-*')} {self.number(1)}",
                    f"best = i if {self.test()} else best",
                    "a = sorted(a, key=lambda value: -value)[:6]",
                    f"acc = min(a, default={self.number(1)})",
                    "s = s | {k} if k > 0 else s - {i}",
                    f"if {self.test()}: return acc, i",
                    "w = w[w > x]",
                    "w = np.where(w > x, w, x)",
                ]
            )
        )


def random_program(seed: int) -> str:
    """A program `f(v, m, x, k)`; most end with a value, some raise."""
    writer = _Writer(seed)
    for _ in range(writer.rng.randint(2, 7)):
        writer.statement(1, 0)
    body = "\n".join(writer.lines)
    return f"""import numpy as np

FACTOR = 0.75


def helper(one, two=2):
    if one > two:
        return one - two
    return FACTOR * one + two


def f(v, m, x, k):
    i, j, n, acc, best = 1, 2, 3, 0.0, None
    a = [x, 2.0, 1]
    s = set(v)
    d = {{0: 1.5, 3: 2}}
    w = m[1, v % 4] + 0.25
{body}
    return acc, best, n, a, list(s), d, w
"""
