"""Small flow shops for tests."""

from typing import TypeAlias

import numpy as np
from hypothesis import strategies as st

from evoheur.problems.flow_shop.instance import FlowShopInstance

__all__ = ["Rows", "random_shop", "rows", "shop"]

Rows: TypeAlias = list[list[int]]


def rows(*, fewest: int = 2, most: int = 7, machines: int = 4, longest: int = 6) -> st.SearchStrategy[Rows]:
    """Times of a few jobs, a list each, short so that ties are common; not all of them 0."""
    shapes = st.tuples(st.integers(fewest, most), st.integers(1, machines))
    tables = shapes.flatmap(
        lambda shape: st.lists(
            st.lists(st.integers(0, longest), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
        )
    )
    return tables.filter(lambda table: any(map(any, table)))


def shop(table: Rows, name: str = "small") -> FlowShopInstance:
    """An instance of such times."""
    return FlowShopInstance(name=name, family="tests", times=np.array(table, dtype=np.int64))


def random_shop(jobs: int, machines: int, seed: int) -> FlowShopInstance:
    """Uniform times."""
    return shop(np.random.RandomState(seed).randint(1, 100, size=(jobs, machines)).tolist(), f"random-{seed}")
