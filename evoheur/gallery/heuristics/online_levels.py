import numpy as np

def priority(item: float, capacity: float, arrived: float, mean: float, space: float, free: np.ndarray, rest: np.ndarray, here: np.ndarray, there: np.ndarray, fill_there: np.ndarray, fit_here: np.ndarray, fit_there: np.ndarray) -> np.ndarray:
    log1p_1 = np.abs(fill_there - capacity - (2 * there - arrived))
    where_1 = np.where(rest > 1, there + 6.0, here)
    difference_1 = np.where(free < 4, here - 29.0, 0.1) - where_1
    where_2 = np.where(free < capacity, here - 1, 0)
    return log1p_1 + 20.0 * (difference_1 + 12 * (where_2 - np.where(rest > 0, there + 3, 0)))
