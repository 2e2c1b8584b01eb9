"""Remakes the best known lengths of our instances with time windows.

`python -m evoheur.problems.vrptw.best_known_routes searched_lengths.py` does.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from evoheur.problem import SPLITS

from .instance import TimeWindowInstance
from .searched_lengths import BEST_KNOWN
from .timed_search import searched_routes
from .timely_routes import timed_price
from .window_splits import instances

__all__ = ["main", "shortest_found"]

ITERATIONS_PER_CUSTOMER = 1_000
SEED = 1

_HEAD = '''"""Best known lengths of our own instances with time windows: a search of {iterations:,} iterations per customer.

They are upper bounds and not proven: a better solution has a gap below 0. Remade by `python -m evoheur.problems.vrptw.best_known_routes
searched_lengths.py`. The guest must not hold this module.
"""

__all__ = ["BEST_KNOWN"]

BEST_KNOWN: dict[str, float] = {{
{lines}
}}
"""Name of the instance → length."""
'''


def shortest_found(instance: TimeWindowInstance) -> tuple[str, float]:
    """Name and shortest length of a search."""
    routes = searched_routes(instance, iterations=ITERATIONS_PER_CUSTOMER * instance.customers, seed=SEED)
    return instance.name, timed_price(instance, routes)


def main() -> None:
    """Search on every instance of every split and write the module; what is known already and shorter is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="where to write the module")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    wanted = [instance for split in SPLITS for instance in instances(split)]
    with ProcessPoolExecutor(arguments.processes) as pool:
        found = {name: min(length, BEST_KNOWN.get(name, length)) for name, length in pool.map(shortest_found, wanted)}
    lines = "\n".join(f'    "{name}": {length!r},' for name, length in sorted(found.items()))
    arguments.file.write_text(_HEAD.format(iterations=ITERATIONS_PER_CUSTOMER, lines=lines), encoding="utf-8")


if __name__ == "__main__":
    main()
