import numpy as np

def leaving(over: float, value: np.ndarray, cost: np.ndarray, need: np.ndarray, tightest: np.ndarray, strain: np.ndarray) -> np.ndarray:
    return -(value + (value - -value - strain)) / cost

def joining(free: float, value: np.ndarray, cost: np.ndarray, need: np.ndarray, tightest: np.ndarray, filled: np.ndarray, fullest: np.ndarray) -> np.ndarray:
    return value
