"""Remakes the best known lengths of our instances.

`python -m evoheur.problems.cvrp_ruin_recreate.textbook.best_known_lengths references.py` does. What is known already and shorter than what
these searches find is kept; with `--missing`, nothing is searched for that is known.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from evoheur.problem import SPLITS
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.references import BEST_KNOWN
from evoheur.problems.cvrp.solution import price
from evoheur.problems.cvrp.splits import LARGE, MANY, SAVINGS, SMALL, instances

from .string_removal import searched

__all__ = ["best_found", "module_text"]

ITERATIONS_PER_CUSTOMER = 3_000
SEEDS = (1, 2)

_HEAD = '''"""Best known lengths of our own instances: string removal, two searches of {iterations:,} iterations per customer.

They are upper bounds and not proven: a better solution has a gap below 0. Some were found by earlier searches. Remade by
`python -m evoheur.problems.cvrp_ruin_recreate.textbook.best_known_lengths references.py`. The guest must not hold this module.
"""

__all__ = ["BEST_KNOWN"]

BEST_KNOWN: dict[str, float] = {{
{lines}
}}
"""Name of the instance → length."""
'''


def best_found(instance: CvrpInstance) -> tuple[str, float]:
    """Name and shortest length of the searches."""
    iterations = ITERATIONS_PER_CUSTOMER * instance.customers
    found = [searched(instance, iterations=iterations, strings=True, seed=seed) for seed in SEEDS]
    return instance.name, min(price(instance, routes) for routes in found)


def module_text(best: dict[str, float]) -> str:
    """The module that holds the lengths."""
    lines = "\n".join(f'    "{name}": {length!r},' for name, length in sorted(best.items()))
    return _HEAD.format(iterations=ITERATIONS_PER_CUSTOMER, lines=lines)


def main() -> None:
    """Search on every instance of every split and write the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="where to write the module")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--missing", action="store_true", help="search only where no length is known")
    arguments = parser.parse_args()
    made = {
        instance.name: instance
        for families in (SMALL, MANY, SAVINGS, LARGE)
        for split in SPLITS
        for instance in instances(families, split, None)
    }
    kept = BEST_KNOWN.keys() & made.keys() if arguments.missing else set()
    wanted = {name: instance for name, instance in made.items() if name not in kept}
    with ProcessPoolExecutor(arguments.processes) as pool:
        found = pool.map(best_found, wanted.values())
        best = {name: BEST_KNOWN[name] for name in kept}
        best |= {name: min(length, BEST_KNOWN.get(name, length)) for name, length in found}
    arguments.file.write_text(module_text(best), encoding="utf-8")


if __name__ == "__main__":
    main()
