"""A cluster and a node for the tests of this folder, which end with the last of them: idle, Ray takes some of a processor."""

from collections.abc import Iterator

import pytest

from tests.support.ray_cluster import RayCluster, RayNode


@pytest.fixture(scope="package")
def ray_cluster() -> Iterator[RayCluster]:
    """A Ray cluster whose head takes no workers; a test adds the nodes it wants, with resources of its own, and stops them."""
    with RayCluster() as cluster:
        yield cluster


@pytest.fixture(scope="package")
def lab(ray_cluster: RayCluster) -> Iterator[RayNode]:
    """A node with room for the two workers that many tests share, and two more."""
    node = ray_cluster.add_node(cpus=4, resources={"lab": 4})
    yield node
    node.stop()
