import numpy as np
from numpy.typing import NDArray

def city_scores(share: float, farthest: float, nearest: np.ndarray, cheapest: np.ndarray, regret: np.ndarray, mean: np.ndarray, lonely: np.ndarray, mean_tour: np.ndarray, edge: np.ndarray) -> np.ndarray:
    product_1 = lonely % (regret + 1e-09) * (mean_tour / (mean + 1e-09))
    return product_1 + (share * mean_tour).copy() + 16.3 * regret.copy()
