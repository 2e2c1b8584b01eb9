"""A node for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.support.ray_cluster import RayCluster, RayNode


@pytest.fixture(scope="session")
def lab(ray_cluster: RayCluster) -> Iterator[RayNode]:
    """A node with room for the two workers that many tests share, and two more."""
    node = ray_cluster.add_node(cpus=4, resources={"lab": 4})
    yield node
    node.stop()
