import numpy as np

def vertex_scores(uncoloured: float, begun: float, losing: np.ndarray, sharing: np.ndarray, pending: np.ndarray, degree: np.ndarray, crowded: np.ndarray) -> np.ndarray:
    total_1 = crowded + 2.7 * np.where(begun > 0, sharing, losing)
    product_1 = 2.0 * (10 * total_1 - crowded)
    product_2 = 3.1 * np.where(begun > 0, sharing, losing)
    product_3 = 24.0 * (product_2 + (crowded - degree))
    return product_1 + 3.8 * (crowded + product_3)
