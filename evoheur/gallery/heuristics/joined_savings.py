import numpy as np

def joining(variant: float, spacing: float, per_route: float, progress: float, distance: np.ndarray, home_near: np.ndarray, home_far: np.ndarray, load_small: np.ndarray, load_large: np.ndarray, free: np.ndarray, angle: np.ndarray, rank: np.ndarray, size: np.ndarray) -> np.ndarray:
    difference_1 = home_near + home_far - (0.787 + 0.4 * variant) * distance
    product_1 = (1 + 0.4 * (variant / (spacing + 0.05))) * distance
    difference_2 = np.abs(load_small - per_route) + home_far - product_1
    return difference_1 + 0.1 * difference_2
