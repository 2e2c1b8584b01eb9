
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import minimum_spanning_tree
import numpy as np

def choose(length, loads):
    assert minimum_spanning_tree(np.array([[0, 2, 3], [2, 0, 9], [3, 9, 0]])).sum() == 5
    [_], [machine] = linear_sum_assignment(loads[None, :].astype(float))
    return -np.abs(np.arange(len(loads)) - machine).astype(float)
