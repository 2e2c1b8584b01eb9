import numpy as np

def completing(free: float, inside: float, left: float, mean: float, spare: float, size: np.ndarray, rest: np.ndarray, slack: np.ndarray, following: np.ndarray, alike: np.ndarray, smaller: np.ndarray, beside: np.ndarray) -> np.ndarray:
    difference_1 = size - (spare + 0.89) * slack - left * (size - 0.47 * slack)
    product_1 = 1.6 * slack * (alike - following - (slack - mean))
    difference_2 = size - 1.6 * slack - left * slack - product_1 - left * slack
    return difference_2 + 3.74 * difference_1
