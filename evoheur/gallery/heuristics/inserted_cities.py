import numpy as np

def city_scores(share: float, farthest: float, nearest: np.ndarray, cheapest: np.ndarray, regret: np.ndarray, mean: np.ndarray, lonely: np.ndarray, mean_tour: np.ndarray, edge: np.ndarray) -> np.ndarray:
    total_1 = regret + 1.2 * (0.9 * regret) * mean
    product_1 = 4 * (total_1 - 0.02 * (np.max(mean_tour) - mean_tour >= 1.1))
    return regret + product_1
