"""A set of heuristics with its selector as one Python file, which solves instances by itself."""

import importlib.util
from collections.abc import Iterator
from typing import Any

from evoheur.api.module_statements import NotBundled
from evoheur.api.set_selection import SelectionRow, SetSelection
from evoheur.api.source_bundle import bundle
from evoheur.code.several_heuristics import maker_of
from evoheur.code.signature import signatures_of
from evoheur.observers.number_text import Scale, one_line
from evoheur.problem import Problem
from evoheur.run.problem_config import ProblemConfig
from evoheur.selectors.decision_tree import Fork, Leaf, Tree
from evoheur.version import __version__

__all__ = ["selection_module"]

_MODULES = "evoheur.problems.standalone.choosing.several_"
_COMMAND = "evoheur.standalone_command"
_GIVEN = ("HEURISTICS", "PREFIX", "SHARE", "WAY", "choose")
_LINE = "# ---- above are the heuristics and what chooses one of them; below is what solves instances ----"
_BY_EVOHEUR = '''\
def solve_file(file):
    """Solve the instances of a file by evoheur {version} or later; their names, and solutions as text."""
    from evoheur.solving import SeveralHeuristics

    several = SeveralHeuristics(
        problem={problem!r},
        settings={settings!r},
        seed={seed!r},
        heuristics=HEURISTICS,
        way=WAY,
        choose=choose,
        share=SHARE,
        prefix=PREFIX,
    )
    return several.solved_texts(file)


if __name__ == "__main__":
    from evoheur.standalone_command import solve_files

    solve_files(solve_file)
'''


def selection_module(found: SetSelection) -> str:
    """Write the chosen set and its selector as the source of a module.

    Where the problem has a module in `problems/standalone/choosing`, the file needs NumPy alone, and `solve` takes plain data; else it
    needs evoheur. The result is evoheur's.
    """
    pool, chosen = found.pool, found.chosen
    members = found.members[: chosen.size]
    functions = tuple(signature.name for signature in signatures_of(pool.problem.functions()))
    makers = [
        maker_of(each.code, f"heuristic_{number}", functions, words=one_line(f"{each.name}: {each.thought}", width=120))
        for number, each in enumerate(members, start=1)
    ]
    names = ", ".join(f"heuristic_{number}()" for number in range(1, len(members) + 1)) + ("," if len(members) == 1 else "")
    tree: Tree = found.selectors[chosen.size].tree if chosen.way == "tree" else Leaf(0)
    way = "tree" if chosen.way == "single" else chosen.way
    lower, alone = _lower(pool.problem, pool.named, seed=pool.seed)
    values = f"HEURISTICS = ({names})\nWAY = {way!r}\nSHARE = {found.settings.share!r}\nPREFIX = {found.settings.prefix!r}\n"
    upper = [f'"""{_docstring(found, alone=alone)}\n"""\n', *makers, values, _choose(tree)]
    return "\n\n".join([*upper, f"{_LINE}\n", lower])


def _lower(problem: Problem[Any], named: ProblemConfig, *, seed: int) -> tuple[str, bool]:
    """What solves instances, and whether it does without evoheur."""
    name = f"{_MODULES}{named.name}"
    standalone = named.name.isidentifier() and importlib.util.find_spec(name) is not None
    own = type(problem).heuristic
    if standalone and problem.functions() == (
        own if isinstance(own, tuple) else (own,)
    ):  # no setting changed what heuristics are told
        try:
            beside = "\n".join(f"{each} = None" for each in _GIVEN)
            made = bundle([(name, "solve"), (name, "solve_file"), (_COMMAND, "solve_files")], given=_GIVEN, beside=beside)
        except NotBundled:
            pass
        else:
            main = f'if __name__ == "__main__":\n    {made.names["solve_files"]}({made.names["solve_file"]})\n'
            return f"{made.source}\n\n{main}", True
    return _BY_EVOHEUR.format(version=__version__, problem=named.name, settings=dict(named.settings), seed=seed), False


def _choose(tree: Tree) -> str:
    lines = [
        "def choose(features):",
        '    """Place of the heuristic for an instance with these features, from 0."""',
        *_branches(tree, 1),
    ]
    return "\n".join(lines) + "\n"


def _branches(tree: Tree, depth: int) -> Iterator[str]:
    indent = "    " * depth
    if isinstance(tree, Leaf):
        yield f"{indent}return {tree.choice}"
        return
    assert isinstance(tree, Fork), "a tree is a leaf or a fork"
    yield f"{indent}if features[{tree.feature!r}] <= {tree.threshold!r}:"
    yield from _branches(tree.below, depth + 1)
    yield from _branches(tree.above, depth)


def _docstring(found: SetSelection, *, alone: bool) -> str:
    pool, chosen = found.pool, found.chosen
    named = pool.named
    lines = [
        f"{chosen.size} heuristics for {named.name}, discovered by evoheur, with a selector ({chosen.way}: {chosen.reason}).",
        "",
        *_way_in_words(found),
        "",
        "Heuristics:",
        *(f"    {number}: {each.name}" for number, each in enumerate(found.members[: chosen.size], start=1)),
        "",
        "Scores (lower is better), with work in full runs of one heuristic:",
        *(f"    {line}" for line in _scores(found)),
        "",
        f"Problem: {named.name}, settings {dict(named.settings) or 'default'}, seed {pool.seed}; exported by evoheur {__version__}.",
        "",
        "Use:",
        f"    python heuristics.py INSTANCE -o SOLUTION  # needs {'NumPy; with numba it is faster' if alone else 'evoheur'}",
        *(["    from heuristics import solve  # takes plain data; see its docstring"] if alone else []),
    ]
    return "\n".join(lines).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _way_in_words(found: SetSelection) -> list[str]:
    chosen, settings = found.chosen, found.settings
    if chosen.way == "single":
        return ["One heuristic solves every instance."]
    if found.online:
        seen = f"the first {settings.prefix} arrivals, on which heuristic 1 decides"
        how = "`choose` asks for features of" if chosen.way == "tree" else "All heuristics are tried on"
        return [f"{how} {seen}; the one that is chosen takes over from there."]
    if chosen.way == "tree":
        return ["`choose` asks for features of an instance."]
    if chosen.way == "all":
        return ["All heuristics solve an instance, and the best solution is kept."]
    return [f"All heuristics are tried on {settings.share:.0%} of an instance, and the best there solves it."]


def _scores(found: SetSelection) -> Iterator[str]:
    scale = Scale.GAP if found.is_gap else Scale.COST
    chosen = found.chosen
    rows: list[SelectionRow] = [row for row in found.rows if row.way == "single"]
    rows += [row for row in found.rows if chosen.way != "single" and row.way == chosen.way and row.size == chosen.size]
    rows += [row for row in found.rows if row.way == "textbook"][:1]
    for row in rows:
        worths = ", ".join(f"{split} {scale.text(row.worths[split])}" for split in found.splits)
        yield f"{row.name}: {worths}; work {row.work[found.splits[-1]]:.2f}"
