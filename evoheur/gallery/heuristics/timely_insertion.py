import numpy as np

def insertion_scores(share: float, spacing: float, horizon: float, home: np.ndarray, detour: np.ndarray, excess: np.ndarray, regret: np.ndarray, reach: np.ndarray, push: np.ndarray, wait: np.ndarray, urgency: np.ndarray, slack: np.ndarray, width: np.ndarray, free: np.ndarray, size: np.ndarray, newer: np.ndarray, last: np.ndarray, opening: np.ndarray) -> np.ndarray:
    difference_1 = 0.845 - opening - (home - excess) / 15
    return home - difference_1 * detour - 1.01 * opening
